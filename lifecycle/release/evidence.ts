import type { LoggedPrediction } from '../../contracts/http.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { matureUntil } from '../datasets/maturity.ts';
import { openStoredModel } from '../inference/open-stored-model.ts';
import { readPredictions, type TimeRange } from '../predictions/read-predictions.ts';
import { samplePredictions } from '../predictions/sample-predictions.ts';
import { readVersion } from '../registry/versions.ts';
import { type ExperimentEvidence, type Exposure, evaluateExperiment } from './ab-test.ts';
import type { GateEvidence } from './gate.ts';
import { findLabels } from './known-labels.ts';
import type { LedgerEntry } from './ledger.ts';
import { compareDifference, compareQuality, scoreByBoth } from './paired-scores.ts';
import type { StepEvidence } from './step-evidence.ts';
import { findParties, type Parties, watchStep } from './watch-step.ts';

export interface EvidenceServices {
  readonly registry: Table;
  readonly objects: Objects;
  /** The log of predictions and outcomes. */
  readonly predictions: Table;
}

/** Which step to look at, and up to when. */
export interface EvidenceOptions {
  /** The entry that began the step: its routing says who was to answer, or shadows. */
  readonly began: LedgerEntry;
  readonly until: Date;
  /** What the gate found of the version on trial. */
  readonly gate: GateEvidence;
  /** Whether the step is an A/B test. */
  readonly isExperiment: boolean;
}

/** Rows with outcomes that both versions score at most. */
const sampleSize = 20_000;
const dayMs = 86_400_000;

/**
 * Gathers what a step showed so far, from the log of predictions and outcomes and the models themselves. In one A/B test it remembers every unit; else
 * its memory is bounded.
 *
 * @throws {VersionNotFoundError} @throws {CorruptModelError} @throws {ObjectNotFoundError}
 */
export async function gatherEvidence(
  services: EvidenceServices,
  useCase: UseCase,
  { began, until, gate, isExperiment }: EvidenceOptions,
): Promise<StepEvidence> {
  const parties = findParties(began);
  const period = { from: new Date(began.at), to: until };
  const options = { parties, period, entry: began.entry, isExperiment };
  const { champion, challenger, rows, exposures } = await watchStep(services.predictions, useCase.id, options);
  return {
    since: began.at,
    until: until.toISOString(),
    champion,
    challenger,
    ...(await comparePairs(services, useCase, { parties, gate, until, rows })),
    experiment: isExperiment ? await readExperiment(services, useCase, { parties, period, exposures }) : null,
  };
}

interface PairOptions {
  readonly parties: Parties;
  readonly gate: GateEvidence;
  readonly until: Date;
  /** Requests of the step. */
  readonly rows: readonly LoggedPrediction[];
}

/** Lets both models score the same logged rows: those of the step for the difference, and those with outcomes for the quality. */
async function comparePairs(services: EvidenceServices, useCase: UseCase, { parties, gate, until, rows }: PairOptions) {
  const { objects, predictions, registry } = services;
  const { champion, challenger } = parties;
  await using championModel = await openStoredModel(objects, { useCase: useCase.id, ...champion });
  await using challengerModel = await openStoredModel(objects, { useCase: useCase.id, ...challenger });
  const models = { champion: championModel, challenger: challengerModel };
  const isSamePair = gate.champion?.version === champion.version;
  const difference = isSamePair
    ? compareDifference(await scoreByBoth(models, rows), gate.champion.scoreDifference)
    : null;
  const matured = await readMatured(predictions, useCase, until, await readNewest(registry, useCase.id, parties));
  const labels = await findLabels(predictions, useCase, matured, until);
  const known = matured.filter(({ predictionId }) => labels.has(predictionId));
  return { difference, quality: compareQuality(await scoreByBoth(models, known), labels) };
}

/** When the newer of both versions was made: its training rows were mature before. */
async function readNewest(registry: Table, useCase: string, { champion, challenger }: Parties): Promise<string> {
  const versions = [champion, challenger].map(({ version }) => readVersion(registry, useCase, version));
  return (await Promise.all(versions))
    .map(({ createdAt }) => createdAt)
    .toSorted()
    .at(-1)!;
}

/** Reads the rows that matured since both versions were made, so that neither was fitted on them. */
async function readMatured(
  predictions: Table,
  useCase: UseCase,
  until: Date,
  made: string,
): Promise<LoggedPrediction[]> {
  const range = { from: matureUntil(useCase, made), to: matureUntil(useCase, until.toISOString()) };
  const sample = samplePredictions(sampleSize);
  for await (const prediction of readPredictions(predictions, useCase.id, range)) sample.add(prediction);
  return sample.rows();
}

interface ReadExperimentOptions {
  readonly parties: Parties;
  readonly period: TimeRange;
  readonly exposures: ReadonlyMap<string, Exposure>;
}

async function readExperiment(
  { predictions }: EvidenceServices,
  useCase: UseCase,
  { parties, period, exposures }: ReadExperimentOptions,
): Promise<ExperimentEvidence> {
  const total = parties.champion.share + (parties.variant?.share ?? 0);
  return evaluateExperiment({
    useCase,
    exposures: exposures.values(),
    labels: await findLabels(predictions, useCase, exposures.values(), period.to),
    shares: { champion: parties.champion.share / total, challenger: (parties.variant?.share ?? 0) / total },
    days: (period.to.getTime() - period.from.getTime()) / dayMs,
  });
}
