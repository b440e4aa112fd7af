import type { FeatureValue, LoggedPrediction } from '../../../contracts/http.ts';
import { sqlString, sqlTimestamp } from '../../../lifecycle/datasets/sql-literal.ts';
import { modelCardKey } from '../../../lifecycle/inference/model-signature.ts';
import { sqlDouble } from '../../../lifecycle/profile/cells.ts';
import { claimVersion } from '../../../lifecycle/registry/versions.ts';
import { appendEntry, nextEntry } from '../../../lifecycle/release/ledger.ts';
import { evaluate } from '../../../lifecycle/training/evaluation.ts';
import type { FeatureColumn } from '../../../ml/columns.ts';
import { buildReferenceProfile } from '../../../ml/drift/reference-profile.ts';
import { createRandom } from '../../../ml/random.ts';
import type { Feature, SyntheticFeatures, UseCase } from '../../../use-cases/define-use-case.ts';
import { fillMonitoring, type MonitoringDefinition } from '../../../use-cases/monitoring-policy.ts';
import { tableName } from '../../../use-cases/table-schemas.ts';
import type { Lake, OpenUseCase } from '../datasets/lake.ts';
import { minimalUseCase } from '../datasets/minimal-use-case.ts';
import { examplePrediction } from '../predictions/example-prediction.ts';

/** What a window's clients differ in from those of the reference. */
export interface Change {
  readonly alter?: (features: SyntheticFeatures) => SyntheticFeatures;
  /** Probability of the positive label by the features. */
  readonly law?: (features: SyntheticFeatures) => number;
  readonly variant?: string;
  readonly version?: number;
}

/** The training rows of a version, and by what they differ from the source's. */
export interface Trained {
  /** @default 1 */
  readonly version?: number;
  /** @default - as they are drawn; a feature that the use case does not have may be among them */
  readonly train?: (features: SyntheticFeatures) => SyntheticFeatures;
}

const referenceRows = 4_000;
const threshold = 0.5;
/** Manifest of a dataset before any label. */
const trainedOnNothing = 'datasets/nothing/manifest.json';
/** A model that knows the law, which leaves some doubt. */
const lawOf = (features: SyntheticFeatures, { source }: UseCase) => 0.05 + 0.9 * source.synthetic.law(features);

/** A use case with version 1, whose scores are the law itself. */
export async function openMonitored(
  lake: Lake,
  monitoring: MonitoringDefinition = {},
  definition: UseCase = minimalUseCase,
): Promise<OpenUseCase> {
  const opened = await lake.open({ ...definition, monitoring: fillMonitoring(monitoring) });
  await registerVersion(opened);
  return opened;
}

/** Registers the next version; it answers as whatever variant the predictions say. */
export async function registerVersion(
  { services, useCase }: OpenUseCase,
  { version = 1, train = features => features }: Trained = {},
): Promise<void> {
  const random = createRandom(1);
  const drawn = Array.from({ length: referenceRows }, () => useCase.source.synthetic.draw(random));
  const scores = Float64Array.from(drawn, features => lawOf(features, useCase));
  const labels = Uint8Array.from(scores, score => (random.uniform() < score ? 1 : 0));
  const rows = Int32Array.from(labels.keys());
  const referenceProfile = buildReferenceProfile({
    columns: toColumns(useCase, drawn.map(train)),
    ...{ rows, scores, labels },
  });
  const holdout = evaluate({ labels, scores, threshold, seed: 1 });
  const claim = {
    ...{ createdAt: '2026-05-20T00:00:00.000Z', runId: null },
    ...{ useCase: useCase.id, threshold, modelSha256: String(version).repeat(64), manifestKey: trainedOnNothing },
    metrics: { outOfFold: null, holdout },
  };
  const card = { ...claim, referenceProfile };
  await services.objects.write(trainedOnNothing, '{"labelSeq":{"after":0,"to":0}}', 'application/json');
  await services.objects.write(modelCardKey(useCase.id, claim.modelSha256), JSON.stringify(card), 'application/json');
  await claimVersion(services.registry, claim as unknown as Parameters<typeof claimVersion>[1]);
  if (version > 1) return;
  const variants = [{ name: 'champion', version, modelSha256: claim.modelSha256, threshold, share: 1 }];
  const entry = {
    ...{
      at: '2026-05-20T00:00:00.000Z',
      by: 'test',
      decision: 'promoted' as const,
      version: 1,
      release: null,
      reason: 'first',
    },
    ...{ evidence: {}, routing: { salt: 's', variants, shadow: null, aliases: {} } },
  };
  await appendEntry(services.registry, useCase.id, nextEntry(undefined, entry));
}

/** A column of each feature that the rows have. */
function toColumns({ features }: UseCase, rows: readonly SyntheticFeatures[]): FeatureColumn[] {
  return Object.keys(rows[0]!).map(name => {
    const feature = features[name];
    return feature?.type === 'category'
      ? {
          ...{ kind: 'category', name, levels: feature.levels },
          codes: Int32Array.from(rows, row => feature.levels.indexOf(String(row[name]))),
        }
      : { kind: 'number', name, values: Float32Array.from(rows, row => Number(row[name] ?? Number.NaN)) };
  });
}

/** Ingests a mature labelled row, which no version was trained on. */
export async function learnSomething(opened: OpenUseCase): Promise<void> {
  await opened.drop('new.csv', 'id,at,amount,visits,plan,member,churned\nnew,2026-01-01,2,1,pro,ja,yes\n');
  await opened.ingest('new');
}

/** Archives predictions spread over a day, and returns them. */
export async function predict(
  { services, useCase }: OpenUseCase,
  { day, count, seed = 2, ...change }: { day: string; count: number; seed?: number } & Change,
): Promise<LoggedPrediction[]> {
  const random = createRandom(seed);
  const from = Date.parse(day);
  const made = Array.from({ length: count }, (_, i) => {
    const drawn = useCase.source.synthetic.draw(random);
    const features = change.alter?.(drawn) ?? drawn;
    const probability = lawOf(features, useCase);
    return examplePrediction({
      ...{ useCase: useCase.id, at: new Date(from + Math.floor((i * 86_400_000) / count)).toISOString() },
      ...{ version: change.version ?? 1, variant: change.variant ?? 'champion', threshold, features, probability },
      ...{ decision: probability >= threshold, scoringMs: 1 + (i % 100) / 50 },
    });
  });
  await services.athena.execute(insertPredictions(useCase, made));
  return made;
}

/** INSERT of predictions into the archive. */
export function insertPredictions(useCase: UseCase, predictions: readonly LoggedPrediction[]): string {
  const values = predictions.map(
    ({ predictionId, at, version, variant, probability, decision, scoringMs, features }) => [
      ...[sqlString(predictionId), sqlTimestamp(new Date(at)), version, sqlString(variant), sqlDouble(probability)],
      ...[sqlDouble(threshold), decision, scoringMs === null ? 'NULL' : sqlDouble(scoringMs), 1],
      ...Object.entries(useCase.features).map(([name, { type }]) => literal(features[name] ?? null, type)),
    ],
  );
  const columns = 'prediction_id, at, version, variant, probability, threshold, decision, scoring_ms, archive_seq';
  return `INSERT INTO ${tableName(useCase.id, 'predictions')} (${columns}, ${Object.keys(useCase.features).join(', ')}) VALUES ${tuples(values)}`;
}

/** Archives what came of predictions. */
export async function tell(
  { services, useCase }: OpenUseCase,
  predictions: readonly LoggedPrediction[],
  { law = features => lawOf(features, useCase), receivedAt }: { law?: Change['law']; receivedAt: string },
): Promise<void> {
  const random = createRandom(3);
  const at = sqlTimestamp(new Date(receivedAt));
  const values = predictions.map(({ predictionId, features }) => {
    const label = random.uniform() < law(features) ? 1 : 0;
    return [sqlString(`o-${predictionId}`), sqlString(predictionId), label, at, at, 1];
  });
  await services.athena.execute(
    `INSERT INTO ${tableName(useCase.id, 'outcomes')} (outcome_id, prediction_id, label, observed_at, received_at, archive_seq) VALUES ${tuples(values)}`,
  );
}

/** Says that all hours before an instant are archived. */
export async function archiveUntil({ services, useCase }: OpenUseCase, through: string): Promise<void> {
  const state = { number: 1, through };
  await services.registry.put({ pk: `${useCase.id}#archive`, sk: 'state', ...state });
}

function literal(value: FeatureValue, type: Feature['type']): string {
  if (value === null) return 'NULL';
  if (typeof value === 'string') return sqlString(value);
  return type === 'number' ? sqlDouble(Number(value)) : String(value);
}

function tuples(values: readonly (readonly unknown[])[]): string {
  return values.map(row => `(${row.join(', ')})`).join(', ');
}
