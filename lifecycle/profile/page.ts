import type { DataProfile, FeatureProfile } from '../../contracts/profile.ts';
import { escapeHtml, percent } from './markup.ts';
import { associationPicture, histogramPicture } from './pictures.ts';

/** Writes a profile as one HTML page that needs nothing else. Its weight depends on the features and their levels, not on the rows. */
export function writeProfilePage(profile: DataProfile): string {
  const { title, features, rows, positives } = profile;
  const strongest = features.toSorted((a, b) => aucOf(b) - aucOf(a));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}: data profile</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escapeHtml(title)}</h1>
${describeRows(profile)}
</header>
${warn(profile)}
<h2>What each feature alone says about the label</h2>
<p>The area under the ROC curve (0.5: nothing, 1: all), by the feature's own order or by that of its levels' shares of positives; and mutual information.</p>
${strengthTable(strongest)}
<h2>Features</h2>
<p class="legend"><i class="rows"></i> rows <i class="positives"></i> positive <i class="share"></i> share of positives, at most as printed; dashed: ${percent(positives / rows)} overall</p>
<div class="cards">
${strongest.map(feature => featureCard(feature, profile)).join('\n')}
</div>
<h2>Features among themselves</h2>
<p>Pearson's correlation of numbers, Cramér's V of categories, the correlation ratio between the two kinds. Point at a square for its figure.</p>
${associationPicture(profile)}
</body>
</html>
`;
}

function describeRows({ rows, positives, label, matureUntil, snapshotId, createdAt }: DataProfile): string {
  const figures = [
    ['observations', rows.toLocaleString('en')],
    ['positive', `${positives.toLocaleString('en')} (${percent(positives / rows)})`],
    ['label', `${label.meaning}: ${label.positive}, ${label.negative}`],
    ['mature until', instant(matureUntil)],
    ['snapshot', snapshotId],
    ['made', instant(createdAt)],
  ] as const;
  return `<dl>${figures.map(([name, text]) => `<div><dt>${name}</dt><dd>${escapeHtml(text)}</dd></div>`).join('')}</dl>`;
}

function instant(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

function warn({ suspects }: DataProfile): string {
  if (suspects.length === 0) return '<p class="calm">No feature predicts too well alone.</p>';
  const items = suspects.map(({ feature, reason }) => `<li><b>${escapeHtml(feature)}</b>: ${escapeHtml(reason)}</li>`);
  return `<section class="warning"><h2>These may know the label</h2><p>Is the value known before the outcome is? If not, exclude it.</p><ul>${items.join('')}</ul></section>`;
}

function strengthTable(features: readonly FeatureProfile[]): string {
  const rows = features.map(({ name, withLabel }) => {
    if (!withLabel) return `<tr><td>${escapeHtml(name)}</td><td colspan="4">labels of one class</td></tr>`;
    const { auc, measure, value, mutualInformation } = withLabel;
    const share = Math.round(200 * (auc - 0.5));
    return `<tr><td>${escapeHtml(name)}</td><td class="bar"><i style="width:${share}%"></i></td><td>${auc.toFixed(3)}</td><td>${mutualInformation.toFixed(4)} bits</td><td>${value.toFixed(3)} <small>${measure}</small></td></tr>`;
  });
  return `<table><thead><tr><th>feature</th><th></th><th>AUC alone</th><th>mutual information</th><th>with the label</th></tr></thead><tbody>${rows.join('\n')}</tbody></table>`;
}

function featureCard(feature: FeatureProfile, { rows, positives }: DataProfile): string {
  const { name, type, meaning, missing } = feature;
  const share = missing > 0 ? `, ${percent(missing / rows)} missing` : '';
  return `<article><h3>${escapeHtml(name)} <small>${type}${share}</small></h3><p>${escapeHtml(meaning)}</p>
${histogramPicture(feature, positives / rows)}
${summarize(feature)}</article>`;
}

function summarize({ numbers, cells }: FeatureProfile): string {
  if (!numbers)
    return `<p class="summary">${cells.filter(({ rows }) => rows > 0).length} of ${cells.length} levels occur</p>`;
  const { minimum, maximum, mean, standardDeviation, quantiles } = numbers;
  const figures = [
    ...[
      ['least', minimum],
      ['5 %', quantiles['0.05']!],
      ['median', quantiles['0.5']!],
    ],
    ...[
      ['95 %', quantiles['0.95']!],
      ['most', maximum],
      ['mean', mean],
      ['sd', standardDeviation],
    ],
  ] as [string, number][];
  const texts = figures.map(([name, value]) => `${name} <b>${Number(value.toPrecision(4)).toLocaleString('en')}</b>`);
  return `<p class="summary">${texts.join(' · ')}</p>`;
}

function aucOf({ withLabel }: FeatureProfile): number {
  return withLabel?.auc ?? 0;
}

const style = `
:root { color-scheme: light dark; --text: #1c2430; --soft: #5b6675; --paper: #fff; --card: #f5f7f9; --rows: #c3ccd6; --positives: #22577a; --share: #d1495b; }
@media (prefers-color-scheme: dark) { :root { --text: #e6eaef; --soft: #9aa6b4; --paper: #14181d; --card: #1d232a; --rows: #46525f; --positives: #6fb1d6; --share: #f0808c; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--text); background: var(--paper); max-width: 1120px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin: 0 0 .8rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .4rem; } h3 { font-size: 1rem; margin: 0; }
p { margin: .2rem 0 .6rem; color: var(--soft); } small { font-weight: 400; color: var(--soft); }
dl { display: flex; flex-wrap: wrap; gap: .6rem 2rem; margin: 0; } dt { font-size: .8rem; color: var(--soft); } dd { margin: 0; font-variant-numeric: tabular-nums; }
.warning { border-left: 4px solid var(--share); background: var(--card); padding: .6rem 1rem; margin-top: 1.5rem; } .warning h2 { margin: 0; }
.calm { margin-top: 1.2rem; }
table { border-collapse: collapse; width: 100%; } th { text-align: left; font-size: .8rem; font-weight: 500; color: var(--soft); }
td { padding: .15rem .8rem .15rem 0; font-variant-numeric: tabular-nums; } td.bar { width: 40%; } td.bar i { display: block; height: .7rem; min-width: 1px; background: var(--positives); }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(320px, 1fr)); gap: 1rem; } article { background: var(--card); border-radius: 8px; padding: .8rem 1rem; }
article p { font-size: .85rem; margin: 0 0 .4rem; } .summary { margin-top: .3rem; } svg { width: 100%; height: auto; } svg text { font-size: 10px; fill: var(--soft); }
rect.rows { fill: var(--rows); } rect.positives { fill: var(--positives); } polyline.share { fill: none; stroke: var(--share); stroke-width: 1.6; } circle.share { fill: var(--share); } line.overall { stroke: var(--share); stroke-dasharray: 3 3; stroke-width: .8; }
rect.frame { fill: var(--card); } rect.alike { fill: var(--positives); } rect.opposite { fill: var(--share); } rect.unknown { fill: none; } svg text.scale { fill: var(--share); }
.legend i { display: inline-block; width: .8rem; height: .8rem; margin-left: .8rem; } i.rows { background: var(--rows); } i.positives { background: var(--positives); } i.share { background: var(--share); height: 2px; vertical-align: middle; }
`;
