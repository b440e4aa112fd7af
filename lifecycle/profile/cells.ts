import type { FeatureProfile, NumberSummary } from '../../contracts/profile.ts';
import type { Feature } from '../../use-cases/define-use-case.ts';
import { sqlName, sqlString } from '../datasets/sql-literal.ts';

/** How a feature's values fall into cells. */
export type Cells =
  | { readonly kind: 'levels'; readonly levels: readonly string[] }
  | Bins
  /** A number that has one value, or none. */
  | { readonly kind: 'constant'; readonly value: number | null };

/** A histogram's bins `[low + i · width, low + (i + 1) · width)`. */
interface Bins {
  readonly kind: 'bins';
  readonly low: number;
  readonly width: number;
  readonly count: number;
  /** Whether values are whole numbers, and the bins' edges halves between them. */
  readonly whole: boolean;
  /** Whether values lie before the first bin, and beyond the last. */
  readonly below: boolean;
  readonly above: boolean;
}

/** Bins of a histogram at most, but for what lies beyond them. */
const histogramBins = 24;

/** Chooses the cells of a feature: its levels, or bins of equal width between the quantiles 0.01 and 0.99. */
export function chooseCells(feature: Feature, numbers: NumberSummary | null): Cells {
  if (feature.type === 'category') return { kind: 'levels', levels: feature.levels };
  if (feature.type === 'boolean') return { kind: 'levels', levels: ['false', 'true'] };
  if (!numbers || numbers.minimum === numbers.maximum) return { kind: 'constant', value: numbers?.minimum ?? null };
  const [low, high] = histogramRange(numbers);
  return feature.type === 'integer' ? wholeBins(numbers, low, high) : equalBins(numbers, low, high);
}

/** Everything, where nearly all values are one. */
function histogramRange({ minimum, maximum, quantiles }: NumberSummary): [low: number, high: number] {
  const [low, high] = [quantiles['0.01']!, quantiles['0.99']!];
  return low < high ? [low, high] : [minimum, maximum];
}

function equalBins({ minimum, maximum }: NumberSummary, low: number, high: number): Bins {
  const width = (high - low) / histogramBins;
  return { kind: 'bins', low, width, count: histogramBins, whole: false, below: minimum < low, above: maximum >= high };
}

function wholeBins({ minimum, maximum }: NumberSummary, low: number, high: number): Bins {
  const [first, last] = [Math.floor(low), Math.ceil(high)];
  const width = Math.ceil((last - first + 1) / histogramBins);
  const count = Math.ceil((last - first + 1) / width);
  const beyond = { below: minimum < first, above: maximum >= first + count * width };
  return { kind: 'bins', low: first - 0.5, width, count, whole: true, ...beyond };
}

/** SQL for the cell of a feature's value, as a text; NULL for a missing one. */
export function cellExpression(name: string, cells: Cells): string {
  const column = columnOf(name);
  switch (cells.kind) {
    case 'levels': {
      const text = `CAST(${column} AS varchar)`;
      const known = cells.levels.map(sqlString).join(', ');
      return `CASE WHEN ${text} IN (${known}) THEN ${text} WHEN ${text} IS NOT NULL THEN ${sqlString(otherLevels)} END`;
    }
    case 'bins': {
      const { low, width, count } = cells;
      const high = low + count * width;
      return `CAST(width_bucket(CAST(${column} AS double), ${sqlDouble(low)}, ${sqlDouble(high)}, ${count}) AS varchar)`;
    }
    case 'constant':
      return `CASE WHEN ${column} IS NOT NULL THEN '0' END`;
  }
}

/** The cell of all levels that the use case does not declare: predictions that became observations may have any. */
const otherLevels = '(other levels)';

/** Counted cells in order, under the names that people read. @param counted by the text that `cellExpression` gives */
export function nameCells(
  cells: Cells,
  counted: ReadonlyMap<string, { readonly rows: number; readonly positives: number }>,
): FeatureProfile['cells'] {
  const others = counted.get(otherLevels);
  return [
    ...listCells(cells).map(([text, name]) => ({ name, ...(counted.get(text) ?? { rows: 0, positives: 0 }) })),
    ...(others ? [{ name: otherLevels, ...others }] : []),
  ];
}

/** Each cell's text and name. */
function listCells(cells: Cells): [text: string, name: string][] {
  if (cells.kind === 'levels') return cells.levels.map(level => [level, level]);
  if (cells.kind === 'constant') return cells.value === null ? [] : [['0', shorten(cells.value)]];
  const { count, below, above } = cells;
  const bins = Array.from({ length: count }, (_, i): [string, string] => [String(i + 1), nameBin(cells, i)]);
  const [first, beyond] = [edgeOf(cells, 0), edgeOf(cells, count)];
  return [
    ...(below ? [['0', `< ${first}`] as [string, string]] : []),
    ...bins,
    ...(above ? [[String(count + 1), `≥ ${beyond}`] as [string, string]] : []),
  ];
}

/** A whole number alone, or the first and the last of several; else where the bin begins and where the next does. */
function nameBin(cells: Bins, bin: number): string {
  const { low, width, whole } = cells;
  if (!whole) return `${edgeOf(cells, bin)} – ${edgeOf(cells, bin + 1)}`;
  const first = low + 0.5 + bin * width;
  return width === 1 ? shorten(first) : `${shorten(first)} – ${shorten(first + width - 1)}`;
}

function edgeOf({ low, width, whole }: Bins, bin: number): string {
  return shorten(low + bin * width + (whole ? 0.5 : 0));
}

function shorten(value: number): string {
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(4)));
}

/** What a statement calls the observations: a feature may have any name. */
export const sourceAlias = 'mature';

/** A feature in a statement on them. */
export function columnOf(name: string): string {
  return `${sourceAlias}.${sqlName(name)}`;
}

/** A double as Athena writes one, to the last bit. */
export function sqlDouble(value: number): string {
  return value.toExponential().replace('e+', 'E').replace('e', 'E');
}
