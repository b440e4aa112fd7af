import type { Evaluation } from '../training/evaluation.ts';
import type { Card, GroupEvaluation } from './card.ts';
import type { Signature } from './model-card.ts';

/** Writes a card as Markdown. */
export function renderCard(card: Card): string {
  const sections = [summary, data, quality, groups, economics, signature, limits, decisions, lineage, notes];
  return `${sections.map(section => section(card)).join('\n\n')}\n`;
}

function summary({ useCase, version }: Card): string {
  const { title, id, entity, label } = useCase;
  const made = version.parameters ? `${version.parameters.algorithm}, trained here` : 'imported';
  const rows = [
    ['status', version.status],
    ['model', `${made}; ${version.modelBytes.toLocaleString('en')} bytes, sha256 \`${version.modelSha256}\``],
    ['predicts', `${label.meaning}: “${label.positive}” rather than “${label.negative}”, of each ${entity.name}`],
    ['decides', `“${label.positive}” from a probability of ${figure(version.threshold)} on`],
    ['registered', `${version.createdAt} by \`${version.createdBy}\``],
    ...(version.aliases.length > 0 ? [['also called', version.aliases.join(', ')]] : []),
  ];
  const description = version.notes.description ? `\n\n${version.notes.description}` : '';
  return `# ${title}: version ${version.version} of \`${id}\`${description}\n\n${table(['', ''], rows)}`;
}

function data({ data, version, useCase }: Card): string {
  const { table: source, window, matureUntil, training, holdout } = data;
  const used = version.runId === null ? 'Measured on' : 'Trained on';
  const days = window.mode === 'last' ? `the last ${window.days} days` : `window \`${window.mode}\``;
  const excluded = Object.entries(useCase.excluded).map(([column, reason]) => `- \`${column}\` is left out: ${reason}`);
  return [
    `## Data\n\n${used} ${data.rows.toLocaleString('en')} mature rows of \`${source}\` (${days}, events up to ${matureUntil}).\n`,
    table(
      ['rows', 'count', 'positives', 'share'],
      [
        ['outside the holdout', training],
        ['holdout', holdout],
      ].map(([name, counts]) => {
        const { rows, positives } = counts as typeof holdout;
        return [name as string, rows.toLocaleString('en'), positives.toLocaleString('en'), percent(positives / rows)];
      }),
    ),
    ...(excluded.length > 0 ? ['', ...excluded] : []),
  ].join('\n');
}

function quality({ version }: Card): string {
  const { outOfFold, holdout } = version.metrics;
  const names = Object.keys(holdout.metrics ?? outOfFold?.metrics ?? {}) as (keyof NonNullable<
    Evaluation['metrics']
  >)[];
  const cell = (evaluation: Evaluation | null, name: (typeof names)[number]) => interval(evaluation?.metrics?.[name]);
  const rows = names.map(name => {
    const baseRate = (holdout.metrics ?? outOfFold?.metrics)?.[name].baseRate;
    return [`\`${name}\``, cell(holdout, name), cell(outOfFold, name), baseRate == null ? '–' : figure(baseRate)];
  });
  const words =
    'Each figure with its 95 % interval; beside it what knowing nothing but the share of positives reaches.';
  return `## Quality\n\n${words}\n\n${table(['metric', 'holdout', 'out of fold', 'base rate'], rows)}`;
}

function groups({ groups }: Card): string {
  if (groups.length === 0) return '## Groups\n\nThe use case names none.';
  const rows = groups.map(group => [
    `${group.feature}: ${group.level}`,
    group.rows.toLocaleString('en'),
    group.positives.toLocaleString('en'),
    percent(group.decidedPositive),
    ...groupFigures(group),
  ]);
  const columns = ['group', 'rows', 'positives', 'decided positive', '`roc_auc`', '`average_precision`', '`log_loss`'];
  return `## Groups\n\nOn the holdout.\n\n${table(columns, rows)}`;
}

function groupFigures({ metrics }: GroupEvaluation): string[] {
  if (!metrics) return ['insufficient data', '–', '–'];
  return [metrics.roc_auc, metrics.average_precision, metrics.log_loss].map(interval);
}

function economics({ economics }: Card): string {
  const { currency, profit, threshold, decidedPositive, perRow, perRowOfEveryone, perRowOfNoOne } = economics;
  const { truePositive, falsePositive, trueNegative, falseNegative } = profit;
  const money = (value: number) => `${value.toFixed(3)} ${currency}`;
  return [
    '## Decisions\n',
    `A true positive is worth ${truePositive} ${currency}, a false positive ${falsePositive}, a true negative ${trueNegative}, a false negative ${falseNegative}.\n`,
    table(
      ['on the holdout', 'decided positive', 'profit a row'],
      [
        [
          `from ${figure(threshold)} on`,
          percent(decidedPositive),
          `${money(perRow.value)} (${perRow.low.toFixed(3)} to ${perRow.high.toFixed(3)})`,
        ],
        ['everyone', '100 %', money(perRowOfEveryone)],
        ['no one', '0 %', money(perRowOfNoOne)],
      ],
    ),
  ].join('\n');
}

function signature({ version }: Card): string {
  const rows = version.signature.features.map(feature => [
    `\`${feature.name}\``,
    feature.type,
    accepted(feature),
    feature.meaning,
  ]);
  return `## Signature\n\n${table(['feature', 'type', 'learnt from', 'meaning'], rows)}`;
}

function accepted({ levels, range }: Signature['features'][number]): string {
  if (levels) return levels.join(', ');
  return range ? `${figure(range[0])} to ${figure(range[1])}` : '–';
}

function limits({ limits }: Card): string {
  return `## Limits\n\n${limits.map(limit => `- ${limit}`).join('\n')}`;
}

function decisions({ version }: Card): string {
  if (version.decisions.length === 0) return '## History\n\nNothing was decided on it yet.';
  const rows = version.decisions.map(({ entry, at, decision, by, reason }) => [
    String(entry),
    at,
    decision,
    by,
    reason,
  ]);
  return `## History\n\n${table(['ledger', 'at', 'decision', 'by', 'reason'], rows)}`;
}

function lineage({ version }: Card): string {
  const { tags, runId, manifestKey, parameters, seed } = version;
  const rows = [
    ['run', runId === null ? 'none: imported' : `\`${runId}\``],
    ['parameters', parameters ? `\`${JSON.stringify(parameters)}\`` : '–'],
    ['seed', String(seed)],
    ['code', tags.code_version === null ? '–' : `\`code/${tags.code_version}.mjs\``],
    ['dataset', `\`${tags.dataset_id}\`, content \`${tags.content_hash}\``],
    ['manifest', `\`${manifestKey}\``],
    [
      'snapshot',
      `${tags.iceberg_snapshot_id} of ${tags.iceberg_committed_at}, after ${tags.iceberg_parent_id ?? 'none'}`,
    ],
    [
      'batches',
      `${tags.ingest_seq.from} to ${tags.ingest_seq.to}; labels ${tags.label_seq.from} to ${tags.label_seq.to}`,
    ],
  ];
  return `## Lineage\n\n${table(['', ''], rows)}`;
}

function notes({ version }: Card): string {
  const { tags, metadata, changedAt, changedBy } = version.notes;
  if (changedAt === null) return '## Notes\n\nNone.';
  const rows = Object.entries({ ...tags, ...metadata }).map(([name, value]) => [
    `\`${name}\``,
    typeof value === 'string' ? value : `\`${JSON.stringify(value)}\``,
  ]);
  return `## Notes\n\n${table(['', ''], rows)}\n\nLast changed at ${changedAt} by ${changedBy}.`;
}

interface Figure {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

function interval(report: Figure | undefined): string {
  return report ? `${figure(report.value)} (${figure(report.low)} to ${figure(report.high)})` : '–';
}

function figure(value: number): string {
  return Number(value.toPrecision(4)).toString();
}

function percent(share: number): string {
  return Number.isNaN(share) ? '–' : `${(100 * share).toFixed(1)} %`;
}

/** A table of Markdown; what would end a cell or the table is written otherwise. */
function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map(cell => cell.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ')).join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}
