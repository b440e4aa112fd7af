import type { Association, Cell, DataProfile, FeatureProfile } from '../../contracts/profile.ts';
import { escapeHtml, percent } from './markup.ts';

const width = 320;
const height = 132;
const base = 112;
const top = 16;

/** A feature's rows by cell: bars, whose dark part is positive, and each cell's share of positives, a line where cells have an order. Gives SVG. */
export function histogramPicture({ name, cells, numbers }: FeatureProfile, overallShare: number): string {
  const most = Math.max(1, ...cells.map(({ rows }) => rows));
  const highest = Math.max(overallShare, ...cells.map(shareOf)) || 1;
  const step = width / Math.max(1, cells.length);
  const rise = (share: number) => tidy(base - (share / highest) * (base - top));
  const points = cells.flatMap((cell, i) =>
    cell.rows > 0 ? [{ x: tidy((i + 0.5) * step), y: rise(shareOf(cell)) }] : [],
  );
  const line = `<polyline class="share" points="${points.map(({ x, y }) => `${x},${y}`).join(' ')}"/>`;
  const dots = points.map(({ x, y }) => `<circle class="share" cx="${x}" cy="${y}" r="3"/>`).join('');
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeHtml(name)} by label">
${cells.map((cell, i) => bar(cell, i * step, step, most)).join('')}
<line class="overall" x1="0" x2="${width}" y1="${rise(overallShare)}" y2="${rise(overallShare)}"/>
${numbers ? line : dots}
${cellNames(cells, step)}
<text x="${width}" y="10" text-anchor="end" class="scale">${percent(highest)}</text>
</svg>`;
}

/** Under each cell where they are few, else under the ends. */
function cellNames(cells: readonly Cell[], step: number): string {
  const y = height - 5;
  if (cells.length <= 4) {
    const names = cells.map(
      ({ name }, i) => `<text x="${tidy((i + 0.5) * step)}" y="${y}" text-anchor="middle">${escapeHtml(name)}</text>`,
    );
    return names.join('');
  }
  return `<text x="0" y="${y}">${escapeHtml(cells[0]!.name)}</text><text x="${width}" y="${y}" text-anchor="end">${escapeHtml(cells.at(-1)!.name)}</text>`;
}

function bar(cell: Cell, x: number, step: number, most: number): string {
  const whole = (cell.rows / most) * (base - top);
  const positive = (cell.positives / most) * (base - top);
  const place = `x="${tidy(x + step * 0.06)}" width="${tidy(step * 0.88)}"`;
  const says = `${cell.name}: ${cell.rows} rows, ${percent(shareOf(cell))} positive`;
  return `<g><title>${escapeHtml(says)}</title><rect class="rows" ${place} y="${tidy(base - whole)}" height="${tidy(whole)}"/><rect class="positives" ${place} y="${tidy(base - positive)}" height="${tidy(positive)}"/></g>`;
}

function shareOf({ rows, positives }: Cell): number {
  return rows > 0 ? positives / rows : 0;
}

const side = 22;
const margin = 130;

/** How much every two features have to do with each other: a square each, the deeper the more; red where a correlation is negative. Gives SVG. */
export function associationPicture({ features, associations }: Pick<DataProfile, 'features' | 'associations'>): string {
  const place = new Map(features.map(({ name }, i) => [name, i]));
  const size = margin + features.length * side;
  const squares = associations.flatMap(association => {
    const [first, second] = association.features.map(name => place.get(name)!) as [number, number];
    return [square(association, first, second), square(association, second, first)];
  });
  const labels = features.map(({ name }, i) => {
    const middle = margin + (i + 0.7) * side;
    const text = escapeHtml(name);
    return `<text x="${margin - 6}" y="${tidy(middle)}" text-anchor="end">${text}</text><text transform="translate(${tidy(middle)} ${margin - 6}) rotate(-60)">${text}</text>`;
  });
  return `<svg viewBox="0 0 ${size + 60} ${size}" style="max-width:${size + 60}px" role="img" aria-label="Associations of features">${labels.join('')}${squares.join('')}</svg>`;
}

function square({ features, measure, value }: Association, row: number, column: number): string {
  const says = `${features.join(', ')}: ${value === null ? 'constant' : value.toFixed(3)}, ${measure}`;
  const kind = value === null ? 'unknown' : value < 0 ? 'opposite' : 'alike';
  const strength = tidy(Math.abs(value ?? 0));
  const [x, y] = [margin + column * side, margin + row * side];
  return `<g><title>${escapeHtml(says)}</title><rect class="frame" x="${x}" y="${y}" width="${side - 1}" height="${side - 1}"/><rect class="${kind}" fill-opacity="${strength}" x="${x}" y="${y}" width="${side - 1}" height="${side - 1}"/></g>`;
}

/** To a hundredth: a page needs no more. */
function tidy(value: number): string {
  return String(Math.round(value * 100) / 100);
}
