import type { MetricEstimate, Prediction, UseCaseResponse } from '../../contracts/http.ts';
import { readVersion } from '../../lifecycle/registry/versions.ts';
import type { Evaluation } from '../../lifecycle/training/evaluation.ts';
import type { Table } from '../../platform/table.ts';

/** What `--once` prints as its last line. */
export interface Summary {
  readonly useCase: string;
  readonly version: number;
  /** Rows of the dataset that the version was made of. */
  readonly rows: number;
  readonly metrics: { readonly outOfFold: Figures; readonly holdout: Figures };
  readonly prediction: Prediction;
  readonly seconds: Readonly<Record<string, number>>;
}

/** Plain figures by metric; null where one label alone was there. */
type Figures = Readonly<Record<string, number>> | null;

/** Reads what there is to say of the version that made a prediction. */
export async function readSummary(
  registry: Table,
  useCase: string,
  prediction: Prediction,
  seconds: Readonly<Record<string, number>>,
): Promise<Summary> {
  const { version, tags, metrics } = await readVersion(registry, useCase, prediction.version);
  return {
    useCase,
    version,
    rows: tags.row_count,
    metrics: { outOfFold: figures(metrics.outOfFold), holdout: figures(metrics.holdout) },
    prediction,
    seconds,
  };
}

/** What a person sees once the endpoint is live. */
export function welcome(url: string, key: string, useCases: readonly UseCaseResponse[]): string {
  return `
  Endpoint      ${url}
  Access key    ${key}
${useCases.map(useCase => introduction(url, key, useCase)).join('\n')}
  npm run -s cli -- --help    what else there is
  Ctrl-C                      stop; the next npm start goes on from here
`;
}

/** What a person may do once the story is told. */
export function invitation(stateFolder: string): string {
  const commands = ['ledger bank-marketing', 'releases list bank-marketing', 'reports list bank-marketing'];
  return `
${commands.map(command => `  npm run -s cli -- ${command} --state ${stateFolder}`).join('\n')}
  Ctrl-C    stop
`;
}

/** How good a use case's version is, and how to call it; without one, how to get it. */
function introduction(url: string, key: string, { id, example, current }: UseCaseResponse): string {
  if (!current) return noVersion(id);
  const body = JSON.stringify({ instances: [example] });
  return `  Use case      ${id}
  Version       ${current.version}, decides from a probability of ${current.threshold.toFixed(3)} on
${metricLines(current.metrics.holdout)}

  curl -s ${url}/use-cases/${id}/predictions \\
    -H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json' \\
    -d '${body.replaceAll("'", "'\\''")}'
`;
}

function noVersion(useCase: string): string {
  return `  Use case      ${useCase}
  Version       none yet; a file with more rows may bring one:

  npm run -s cli -- run ${useCase} --data FILE
`;
}

function metricLines(holdout: Readonly<Record<string, MetricEstimate>> | null): string {
  const shown = ['roc_auc', 'average_precision', 'log_loss'];
  if (!holdout) return '  Holdout       too few rows to tell';
  return shown
    .map(name => ({ name, ...holdout[name]! }))
    .map(
      ({ name, value, low, high }) =>
        `  ${name.padEnd(20)}${value.toFixed(3)}  (${low.toFixed(3)} to ${high.toFixed(3)}, on the holdout)`,
    )
    .join('\n');
}

function figures(evaluation: Evaluation | null): Figures {
  const metrics = evaluation?.metrics ?? null;
  return metrics && Object.fromEntries(Object.entries(metrics).map(([name, { value }]) => [name, value]));
}
