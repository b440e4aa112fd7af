import type { GateInput, GateOutput } from '../../contracts/tasks.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import type { Clock } from '../clock.ts';
import { readDataset } from '../datasets/read-dataset.ts';
import { openStoredModel } from '../inference/open-stored-model.ts';
import { readModelCard } from '../registry/model-files.ts';
import { readVersion, type Version } from '../registry/versions.ts';
import { groupByEntity } from '../training/group-by-entity.ts';
import { splitRows } from '../training/split-rows.ts';
import { takeRows } from '../training/take-rows.ts';
import { type GateEvidence, judge } from './gate.ts';
import { appendEntry, type LedgerEntry, LedgerMovedError, nextEntry, readLatestEntry, type Variant } from './ledger.ts';
import { measure } from './measure.ts';
import { isAgainst, readDecision } from './version-status.ts';

export interface GateServices {
  readonly objects: Objects;
  readonly registry: Table;
  readonly clock: Clock;
}

export interface GateRequest extends Pick<GateInput, 'version' | 'executionId'> {
  /** Whether a decision that was made against an earlier champion is made again. @default false */
  readonly anew?: boolean;
}

/**
 * Judges a version against the champion and puts the decision into the ledger, once: a version that was decided on gets the same answer again.
 * Traffic is moved by a release, and only to a version that passed.
 *
 * @throws {VersionNotFoundError} @throws {CorruptModelError} @throws {CorruptModelCardError} @throws {DatasetCorruptError} @throws {ObjectNotFoundError}
 */
export async function gateVersion(
  { objects, registry, clock }: GateServices,
  useCase: UseCase,
  { version, executionId, anew = false }: GateRequest,
): Promise<GateOutput> {
  const candidate = await readVersion(registry, useCase.id, version);
  for (;;) {
    const latest = await readLatestEntry(registry, useCase.id);
    const champion = latest?.routing?.variants[0];
    const decided = await readDecision(registry, candidate);
    if (decided && (!anew || isAgainst(decided, champion?.version))) return answer(decided);
    const evidence = await gather(objects, useCase, candidate, champion);
    const { decision, reason, checks } = judge(evidence);
    const entry = nextEntry(latest, {
      ...{ at: clock.now().toISOString(), by: executionId, decision, version, release: null, reason },
      evidence: { ...evidence, checks },
    });
    try {
      await appendEntry(registry, useCase.id, entry);
      return answer(entry);
    } catch (error) {
      // Another decision came first, perhaps this very one: what it left is the ground to decide on.
      if (!(error instanceof LedgerMovedError)) throw error;
    }
  }
}

/** Opens both models and measures them on the holdout of the candidate's dataset. */
async function gather(
  objects: Objects,
  useCase: UseCase,
  candidate: Version,
  champion: Variant | undefined,
): Promise<GateEvidence> {
  const { goldenRows } = await readModelCard(objects, candidate);
  const { holdout, baseRate } = await readEvidenceRows(objects, useCase, candidate.manifestKey);
  await using candidateSession = await openStoredModel(objects, candidate);
  await using championSession =
    champion && (await openStoredModel(objects, { useCase: useCase.id, modelSha256: champion.modelSha256 }));
  // Awaited here, as the sessions close when this function ends.
  return await measure({
    candidate: {
      version: candidate.version,
      session: candidateSession,
      goldenRows,
      outOfFold: candidate.metrics.outOfFold,
      modelBytes: candidate.modelBytes,
    },
    champion: champion && championSession && { version: champion.version, session: championSession },
    holdout,
    baseRate,
    gates: useCase.gates,
    seed: candidate.seed,
  });
}

async function readEvidenceRows(objects: Objects, useCase: UseCase, manifestKey: string) {
  const { columns, labels, entityIds } = await readDataset(objects, useCase, manifestKey);
  const { trainingRows, holdoutRows } = splitRows(entityIds);
  return {
    holdout: {
      columns: takeRows(columns, holdoutRows),
      labels: Uint8Array.from(holdoutRows, row => labels[row]!),
      entities: groupByEntity(entityIds, holdoutRows),
    },
    baseRate: trainingRows.reduce((positives, row) => positives + labels[row]!, 0) / trainingRows.length,
  };
}

function answer({ decision, version, entry, reason }: LedgerEntry): GateOutput {
  return { status: decision === 'passed' ? 'passed' : 'rejected', version, entry, reason };
}
