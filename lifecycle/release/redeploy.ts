import { hash } from 'node:crypto';
import type { RedeployInput, RedeployOutput } from '../../contracts/tasks.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import type { Clock } from '../clock.ts';
import { readDataset } from '../datasets/read-dataset.ts';
import { openStoredModel } from '../inference/open-stored-model.ts';
import { readModelCard } from '../registry/model-files.ts';
import { readVersion, type Version } from '../registry/versions.ts';
import { splitRows } from '../training/split-rows.ts';
import { takeRows } from '../training/take-rows.ts';
import { type GateEvidence, judge } from './gate.ts';
import { appendEntry, type LedgerEntry, LedgerMovedError, type Routing, readLedger, type Variant } from './ledger.ts';
import { measure } from './measure.ts';
import { findDecision } from './version-status.ts';

export interface RedeployServices {
  readonly objects: Objects;
  readonly registry: Table;
  readonly clock: Clock;
}

/**
 * Judges a version against the champion and puts the decision into the ledger, once: a version that was decided on gets the same answer again.
 * While anything about the version cannot be read, the champion stays.
 *
 * @throws {VersionNotFoundError} @throws {CorruptModelError} @throws {CorruptModelCardError} @throws {DatasetCorruptError} @throws {ObjectNotFoundError}
 */
export async function redeploy(
  { objects, registry, clock }: RedeployServices,
  useCase: UseCase,
  { version, executionId }: RedeployInput,
): Promise<RedeployOutput> {
  const candidate = await readVersion(registry, useCase.id, version);
  for (;;) {
    const ledger = await readLedger(registry, useCase.id);
    const decided = findDecision(ledger, version);
    if (decided) return answer(decided);
    const evidence = await gather(objects, useCase, candidate, ledger[0]?.routing?.variants[0]);
    const entry = decide({ candidate, evidence, latest: ledger[0], at: clock.now().toISOString(), by: executionId });
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
    },
    champion: champion && championSession && { version: champion.version, session: championSession },
    holdout,
    baseRate,
    margin: useCase.gates.nonInferiorityMargin,
    seed: candidate.seed,
  });
}

async function readEvidenceRows(objects: Objects, useCase: UseCase, manifestKey: string) {
  const { columns, labels, entityIds } = await readDataset(objects, useCase, manifestKey);
  const { trainingRows, holdoutRows } = splitRows(entityIds);
  return {
    holdout: { columns: takeRows(columns, holdoutRows), labels: Uint8Array.from(holdoutRows, row => labels[row]!) },
    baseRate: trainingRows.reduce((positives, row) => positives + labels[row]!, 0) / trainingRows.length,
  };
}

interface DecideOptions {
  readonly candidate: Version;
  readonly evidence: GateEvidence;
  /** The newest entry, if there is one. */
  readonly latest: LedgerEntry | undefined;
  readonly at: string;
  readonly by: string;
}

/** Words the next entry: with new routing when the version passes, else with the routing as it was. */
function decide({ candidate, evidence, latest, at, by }: DecideOptions): LedgerEntry {
  const { decision, reason, checks } = judge(evidence);
  const entry = (latest?.entry ?? 0) + 1;
  const before = latest?.routing ?? null;
  return {
    entry,
    at,
    by,
    decision: decision === 'released' ? 'promoted' : 'rejected',
    version: candidate.version,
    release: null,
    running: latest?.running ?? null,
    reason,
    routing:
      decision === 'released' ? routeAllTo(candidate, before?.salt ?? makeSalt(candidate.useCase, entry)) : before,
    evidence: { ...evidence, checks },
  };
}

function routeAllTo({ version, modelSha256, threshold }: Version, salt: string): Routing {
  const champion = { name: 'champion', version, modelSha256, threshold, share: 1 };
  return { salt, variants: [champion], shadow: null, aliases: {} };
}

/** The salt stays from the first release on, so that units keep their place while shares move. */
function makeSalt(useCase: string, entry: number): string {
  return hash('sha256', `${useCase}#${entry}`, 'hex').slice(0, 16);
}

function answer({ decision, version, entry, reason }: LedgerEntry): RedeployOutput {
  return { status: decision === 'promoted' ? 'released' : 'rejected', version, entry, reason };
}
