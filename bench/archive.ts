import { parseArgs } from 'node:util';
import type { LoggedPrediction } from '../contracts/http.ts';
import { archive } from '../lifecycle/predictions/archive.ts';
import { createPredictionIds } from '../lifecycle/predictions/prediction-id.ts';
import { logPredictions } from '../lifecycle/predictions/prediction-log.ts';
import { createRandom } from '../ml/random.ts';
import { startLake, today } from '../test/lifecycle/datasets/lake.ts';
import bankMarketing from '../use-cases/bank-marketing.ts';

const hourMs = 3_600_000;

/** Archives predictions of the last hours on the embedded services, and counts the rows of the table against those of the log. */
export default async function archiveLog(options: string[]): Promise<object> {
  const { values } = parseArgs({
    args: options,
    options: { predictions: { type: 'string', default: '100000' }, hours: { type: 'string', default: '3' } },
  });
  const [count, hours] = [Number(values.predictions), Number(values.hours)];
  const lake = await startLake();
  try {
    const { useCase, services, drop, ingest } = await lake.open(bankMarketing);
    await drop('first.csv', `${Object.keys(firstRow()).join(',')}\n${Object.values(firstRow()).join(',')}\n`);
    await ingest('first');
    const loggedSeconds = await timed(() => log(services.predictions, useCase.id, count, hours));
    const input = { useCase: useCase.id, executionId: 'bench', startedAt: today };
    let archived = 0;
    const seconds = await timed(async () => {
      archived = (await archive(services, useCase, input)).predictions;
    });
    const table = `${useCase.id.replaceAll('-', '_')}_predictions`;
    const [row] = await services.athena.query(
      `SELECT count(*) AS found, count(DISTINCT prediction_id) AS ids FROM ${table}`,
    );
    return {
      ...{ predictions: count, hours, log_seconds: round(loggedSeconds), archive_seconds: round(seconds), archived },
      ...{ in_table: Number(row!.found), distinct: Number(row!.ids) },
      peak_memory_mb: Math.round(process.resourceUsage().maxRSS / 1024),
    };
  } finally {
    await lake.stop();
  }
}

/** A row that ingest takes: an archive begins with the first batch. */
function firstRow() {
  const { features } = bankMarketing;
  const cells = Object.entries(features).map(([name, feature]): [string, string] => {
    const column = bankMarketing.source.columns?.features?.[name] ?? name;
    if (feature.type === 'category') return [column, feature.levels[0]!];
    if (feature.type === 'boolean') return [column, 'true'];
    return [column, String(feature.range?.[0] ?? 0)];
  });
  return Object.fromEntries([...cells, [bankMarketing.label.column, bankMarketing.label.positive]]);
}

async function log(
  table: Parameters<typeof logPredictions>[0],
  useCase: string,
  count: number,
  hours: number,
): Promise<void> {
  const random = createRandom(1);
  const until = Date.parse(today) - hourMs;
  const idsAt = (ms: number) => createPredictionIds({ now: () => new Date(ms), real: ms => ms });
  for (let done = 0; done < count; done += 1_000) {
    const predictions = Array.from({ length: Math.min(1_000, count - done) }, (_, index): LoggedPrediction => {
      const at = Math.floor(until - ((done + index + 1) / count) * hours * hourMs);
      return {
        ...{
          predictionId: idsAt(at)(),
          useCase,
          at: new Date(at).toISOString(),
          features: bankMarketing.source.synthetic.draw(random),
        },
        ...{
          probability: random.uniform(),
          decision: false,
          threshold: 0.5,
          version: 1,
          variant: 'champion',
          entry: 1,
        },
        ...{
          failed: null,
          scoringMs: 0.5,
          imputed: [],
          unseen: [],
          entityId: `c-${done + index}`,
          observationId: null,
        },
      };
    });
    await logPredictions(table, predictions, { deadlineMs: 60_000 });
  }
}

async function timed(act: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await act();
  return (performance.now() - begun) / 1_000;
}

function round(seconds: number): number {
  return Math.round(seconds * 100) / 100;
}
