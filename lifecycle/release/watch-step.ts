import type { LoggedPrediction } from '../../contracts/http.ts';
import type { Table } from '../../platform/table.ts';
import { readPredictions, type TimeRange } from '../predictions/read-predictions.ts';
import { samplePredictions } from '../predictions/sample-predictions.ts';
import { readShadowScores } from '../predictions/shadow-scores.ts';
import type { Exposure } from './ab-test.ts';
import { type ArchivedEvidence, type ArchivedPredictions, divideAt } from './archived-evidence.ts';
import type { LedgerEntry, Shadow, Variant } from './ledger.ts';
import { assignedVariant } from './replay.ts';
import type { VariantEvidence } from './step-evidence.ts';
import { createVariantTally, type VariantTally } from './variant-tally.ts';

/** The versions that a step is about. */
export interface Parties {
  readonly champion: Variant;
  /** The version on trial, as a variant or as a shadow. */
  readonly challenger: Shadow;
  readonly variant: Variant | undefined;
  readonly shadow: Shadow | undefined;
}

/** Finds in a step's first entry whom it is about. @throws {RangeError} when it routes nothing to its version */
export function findParties({ entry, version, routing }: LedgerEntry): Parties {
  const [champion, ...challengers] = routing?.variants ?? [];
  const variant = challengers.find(challenger => challenger.version === version);
  const shadow = routing?.shadow?.version === version ? routing.shadow : undefined;
  const challenger = variant ?? shadow;
  if (!champion || !challenger) {
    throw new RangeError(
      `Cannot look at a step: ledger entry ${entry} routes nothing to version ${version} and does not shadow it`,
    );
  }
  return { champion, challenger, variant, shadow };
}

/** Where the requests of a step are. */
export interface StepSources {
  /** The log. */
  readonly predictions: Table;
  readonly archive: ArchivedEvidence;
}

/** Which requests to read. */
export interface WatchOptions {
  readonly parties: Parties;
  readonly period: TimeRange;
  /** Requests before are read from the archive, the others from the log, which tells more of them. */
  readonly archivedBefore: Date;
  /** Number of the entry that began the step; what an earlier one routed is no part of it. */
  readonly entry: number;
  readonly isExperiment: boolean;
}

/** What the requests of a step showed. */
export interface WatchedStep {
  readonly champion: VariantEvidence;
  readonly challenger: VariantEvidence;
  /** Some of those in the log, for both versions to score. */
  readonly rows: readonly LoggedPrediction[];
  readonly exposures: Exposures;
}

/** First predictions by unit; none where the step is no A/B test. */
export interface Exposures {
  readonly byUnit: ReadonlyMap<string, Exposure>;
  /** Those of them that are in the archive. */
  readonly archived: Pick<ArchivedPredictions<Exposure>, 'outcomes'>;
}

type Tallies = Readonly<Record<Exposure['arm'], VariantTally>>;

/** Rows that both versions are to score at most. */
const sampleSize = 5_000;

/** Reads the requests of a step once, and the scores of its shadow. */
export async function watchStep(sources: StepSources, useCase: string, options: WatchOptions): Promise<WatchedStep> {
  const { parties, period, archivedBefore, entry, isExperiment } = options;
  const { before, after } = divideAt(period, archivedBefore);
  const tallies = { champion: createVariantTally(), challenger: createVariantTally() };
  const { rows: earliest, outcomes } = await watchArchived(sources.archive, before, options, tallies);
  const sample = samplePredictions<LoggedPrediction>(sampleSize);
  const byUnit = new Map(earliest.map(({ unit, ...exposure }) => [unit, exposure]));
  for await (const prediction of readPredictions(sources.predictions, useCase, after)) {
    const arm = armOf(assignedVariant(prediction).name, parties);
    if (!arm || prediction.entry < entry) continue;
    const { features, probability, failed, scoringMs } = prediction;
    sample.add(prediction);
    if (failed) tallies[arm].add({ features, probability: null, failure: failed.reason, scoringMs: null });
    else tallies[arm].add({ features, probability, failure: null, scoringMs });
    if (isExperiment) expose(byUnit, prediction, arm);
  }
  const { champion, challenger, shadow } = parties;
  return {
    champion: tallies.champion.evidence(champion.version),
    challenger: shadow
      ? await watchShadow(sources.predictions, useCase, shadow, after)
      : tallies.challenger.evidence(challenger.version),
    rows: sample.rows(),
    exposures: { byUnit, archived: { outcomes } },
  };
}

/** Counts the requests of a step that are in the archive, and reads the first ones of the units of an A/B test. */
async function watchArchived(
  archive: ArchivedEvidence,
  range: TimeRange,
  { parties, entry, isExperiment }: WatchOptions,
  tallies: Tallies,
): Promise<ArchivedPredictions<Exposure & { readonly unit: string }>> {
  const { champion, variant } = parties;
  const step = { entry, variants: [champion, ...(variant ? [variant] : [])].map(({ name }) => name) };
  for (const [name, answers] of await archive.answers(range, step)) tallies[armOf(name, parties)!].addCounted(answers);
  if (!isExperiment) return { rows: [], outcomes: async () => [] };
  const { rows, outcomes } = await archive.exposures(range, step);
  return { rows: rows.map(row => ({ ...row, arm: armOf(row.arm, parties)! })), outcomes };
}

/** Whose row it was, by the name of its variant; another challenger's, or one that a caller picked the version of, is nobody's here. */
function armOf(name: string, { champion, variant }: Parties): Exposure['arm'] | undefined {
  if (name === champion.name) return 'champion';
  return name === variant?.name ? 'challenger' : undefined;
}

/** Keeps the earlier of a unit's predictions; they are not read in their order. */
function expose(exposures: Map<string, Exposure>, prediction: LoggedPrediction, arm: Exposure['arm']): void {
  const { predictionId, observationId, entityId, at, decision } = prediction;
  const unit = entityId ?? predictionId;
  const present = exposures.get(unit);
  if (present && present.predictionId < predictionId) return;
  exposures.set(unit, { predictionId, observationId, at, arm, decision });
}

async function watchShadow(
  table: Table,
  useCase: string,
  { version }: Shadow,
  period: TimeRange,
): Promise<VariantEvidence> {
  const tally = createVariantTally();
  for await (const { prediction, probability, failure } of readShadowScores(table, useCase, version, period)) {
    tally.add({ features: prediction.features, probability, failure, scoringMs: null });
  }
  return tally.evidence(version);
}
