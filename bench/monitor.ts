import { parseArgs } from 'node:util';
import { makeReport } from '../lifecycle/monitoring/make-report.ts';
import { readReport } from '../lifecycle/monitoring/reports.ts';
import { type OpenUseCase, startLake } from '../test/lifecycle/datasets/lake.ts';
import { archiveUntil, openMonitored, predict, tell } from '../test/lifecycle/monitoring/monitored.ts';
import bankMarketing from '../use-cases/bank-marketing.ts';
import { tableName } from '../use-cases/table-schemas.ts';

/** Rows that are drawn one by one; the others repeat them with scores of their own. */
const drawnRows = 1_000;

/** Rows of an INSERT at most, so that it is not the set-up whose memory is measured. */
const insertedRows = 100_000;

/**
 * Times a report on a window of archived predictions with 16 features, and on one a label delay earlier that has a tenth as many and outcomes of most of
 * them, on the embedded services.
 */
export default async function monitor(options: string[]): Promise<object> {
  const { values } = parseArgs({ args: options, options: { predictions: { type: 'string', default: '1000000' } } });
  const predictions = Number(values.predictions);
  const lake = await startLake();
  try {
    const opened = await openMonitored(lake, {}, withSixteenFeatures());
    const earlier = await predict(opened, { day: '2026-05-15T00:00:00Z', count: drawnRows, seed: 5 });
    await tell(opened, earlier.slice(0, 800), { receivedAt: '2026-06-01T00:00:00.000Z' });
    await multiply(opened, 'predictions', predictions / 10);
    await multiply(opened, 'outcomes', (predictions / 10) * 0.8);
    await predict(opened, { day: '2026-06-14T00:00:00Z', count: drawnRows });
    await multiply(opened, 'predictions', predictions + predictions / 10);
    await archiveUntil(opened, '2026-06-15T00:00:00.000Z');
    const setUpPeak = peakMemoryMb();
    const begun = performance.now();
    const cpuBegun = process.cpuUsage();
    const made = await makeReport(opened.services, opened.useCase, {
      request: { useCase: opened.useCase.id },
      executionId: 'bench',
    });
    const seconds = (performance.now() - begun) / 1_000;
    const { user, system } = process.cpuUsage(cpuBegun);
    if (made.status === 'nothing') throw new Error(made.summary);
    const report = await readReport(opened.services, opened.useCase.id, made.reportId);
    return {
      predictions: report.predictions,
      features: Object.keys(opened.useCase.features).length,
      mature_predictions: report.mature.reduce((sum, { predictions }) => sum + predictions, 0),
      outcomes: report.mature.reduce((sum, { labelled }) => sum + labelled, 0),
      checks: report.recent.reduce((sum, { drift }) => sum + drift.checks.length, 0),
      seconds: Number(seconds.toFixed(2)),
      // Of all threads: on a machine that does nothing else, the seconds are fewer than on a busy one.
      cpu_seconds: Number(((user + system) / 1e6).toFixed(2)),
      peak_memory_mb: peakMemoryMb(),
      peak_memory_before_mb: setUpPeak,
    };
  } finally {
    await lake.stop();
  }
}

function withSixteenFeatures() {
  const { features, source } = bankMarketing;
  const { draw } = source.synthetic;
  return {
    ...bankMarketing,
    label: { ...bankMarketing.label, delayDays: 30 },
    features: { ...features, contacts: { type: 'integer', meaning: 'Contacts in all' } as const },
    source: {
      ...source,
      synthetic: {
        ...source.synthetic,
        draw: (...args: Parameters<typeof draw>) => {
          const drawn = draw(...args);
          return { ...drawn, contacts: Number(drawn.campaign) + Number(drawn.previous) };
        },
      },
    },
  };
}

/** Lets the newest rows of a table stand for more, until it has so many. */
async function multiply({ services, useCase }: OpenUseCase, table: 'predictions' | 'outcomes', rows: number) {
  const { athena } = services;
  const name = tableName(useCase.id, table);
  const columns = (await athena.columns(`SELECT * FROM ${name} LIMIT 1`)).map(({ name }) => name);
  const count = async () => Number((await athena.query(`SELECT count(*) AS found FROM ${name}`))[0]!.found);
  const newest = table === 'predictions' ? `at >= (SELECT date_trunc('day', max(at)) FROM ${name})` : '1 = 1';
  let step = 0;
  for (let found = await count(); found < rows; found = await count()) {
    step += 1;
    const copied = columns.map(column => {
      if (column.endsWith('_id') && column !== 'entity_id' && column !== 'observation_id')
        return `${column} || '-${step}'`;
      return column === 'probability' ? 'probability * (0.99E0 + rand() / 5E1)' : column;
    });
    await athena.execute(
      `INSERT INTO ${name} (${columns.join(', ')}) SELECT ${copied.join(', ')} FROM ${name} WHERE ${newest} LIMIT ${Math.min(rows - found, insertedRows)}`,
    );
  }
}

function peakMemoryMb(): number {
  return Math.round(process.resourceUsage().maxRSS / 1_024);
}
