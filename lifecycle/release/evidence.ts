import type { LoggedPrediction } from '../../contracts/http.ts';
import type { Athena } from '../../platform/athena.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { openStoredModel } from '../inference/open-stored-model.ts';
import { daysKept } from '../predictions/prediction-log.ts';
import type { TimeRange } from '../predictions/read-predictions.ts';
import { readVersion } from '../registry/versions.ts';
import { type ExperimentEvidence, evaluateExperiment } from './ab-test.ts';
import { type ArchivedEvidence, openArchivedEvidence } from './archived-evidence.ts';
import type { GateEvidence } from './gate.ts';
import { findLabels } from './known-labels.ts';
import type { LedgerEntry } from './ledger.ts';
import { readMatured } from './matured-rows.ts';
import { compareDifference, compareQuality, scoreByBoth } from './paired-scores.ts';
import type { StepEvidence } from './step-evidence.ts';
import { type Exposures, findParties, type Parties, watchStep } from './watch-step.ts';

export interface EvidenceServices {
  readonly registry: Table;
  readonly objects: Objects;
  /** The log of predictions and outcomes. */
  readonly predictions: Table;
  /** The archive of both. */
  readonly athena: Athena;
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

const dayMs = 86_400_000;
/** Age in days up to which a request surely is in the log: a day less than it stays there, so that none expires while it is read. */
const daysInLog = daysKept - 1;

/**
 * Gathers what a step showed so far, from the predictions and outcomes in the log and the archive and the models themselves. In one A/B test it remembers
 * every unit; else its memory is bounded.
 *
 * @throws {VersionNotFoundError} @throws {CorruptModelError} @throws {ObjectNotFoundError} @throws {QueryFailedError}
 */
export async function gatherEvidence(
  services: EvidenceServices,
  useCase: UseCase,
  { began, until, gate, isExperiment }: EvidenceOptions,
): Promise<StepEvidence> {
  const parties = findParties(began);
  const period = { from: new Date(began.at), to: until };
  const archive = await openArchivedEvidence(services, useCase);
  const archivedBefore = new Date(Math.min(archive.through.getTime(), until.getTime() - daysInLog * dayMs));
  const sources = { predictions: services.predictions, archive };
  const options = { parties, period, archivedBefore, entry: began.entry, isExperiment };
  const { champion, challenger, rows, exposures } = await watchStep(sources, useCase.id, options);
  const test = { parties, period, archivedBefore, exposures };
  return {
    since: began.at,
    until: until.toISOString(),
    champion,
    challenger,
    ...(await comparePairs(services, useCase, { archive, parties, gate, until, rows })),
    experiment: isExperiment ? await readExperiment(services.predictions, useCase, test) : null,
  };
}

interface PairOptions {
  readonly archive: ArchivedEvidence;
  readonly parties: Parties;
  readonly gate: GateEvidence;
  readonly until: Date;
  /** Requests of the step. */
  readonly rows: readonly LoggedPrediction[];
}

/** Lets both models score the same logged rows: those of the step for the difference, and those with outcomes for the quality. */
async function comparePairs(
  { objects, predictions, registry }: EvidenceServices,
  useCase: UseCase,
  { archive, parties, gate, until, rows }: PairOptions,
) {
  const { champion, challenger } = parties;
  await using championModel = await openStoredModel(objects, { useCase: useCase.id, ...champion });
  await using challengerModel = await openStoredModel(objects, { useCase: useCase.id, ...challenger });
  const models = { champion: championModel, challenger: challengerModel };
  const isSamePair = gate.champion?.version === champion.version;
  const difference = isSamePair
    ? compareDifference(await scoreByBoth(models, rows), gate.champion.scoreDifference)
    : null;
  const made = await readNewest(registry, useCase.id, parties);
  const matured = await readMatured(predictions, archive, { useCase, made, until });
  return { difference, quality: compareQuality(await scoreByBoth(models, matured.rows), matured.labels) };
}

/** When the newer of both versions was made: its training rows were mature before. */
async function readNewest(registry: Table, useCase: string, { champion, challenger }: Parties): Promise<string> {
  const versions = [champion, challenger].map(({ version }) => readVersion(registry, useCase, version));
  return (await Promise.all(versions))
    .map(({ createdAt }) => createdAt)
    .toSorted()
    .at(-1)!;
}

interface ReadExperimentOptions {
  readonly parties: Parties;
  readonly period: TimeRange;
  readonly archivedBefore: Date;
  readonly exposures: Exposures;
}

async function readExperiment(
  table: Table,
  useCase: UseCase,
  { parties, period, archivedBefore, exposures: { byUnit, archived } }: ReadExperimentOptions,
): Promise<ExperimentEvidence> {
  const total = parties.champion.share + (parties.variant?.share ?? 0);
  const exposures = [...byUnit.values()];
  return evaluateExperiment({
    useCase,
    exposures,
    labels: await findLabels(table, useCase, {
      ...{ predictions: exposures, archived, archivedBefore, until: period.to },
    }),
    shares: { champion: parties.champion.share / total, challenger: (parties.variant?.share ?? 0) / total },
    days: (period.to.getTime() - period.from.getTime()) / dayMs,
  });
}
