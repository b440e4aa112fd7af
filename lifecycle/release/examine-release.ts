import type { ExamineReleaseInput, RecordUnexaminedInput } from '../../contracts/tasks.ts';
import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import type { Clock } from '../clock.ts';
import { readCause } from '../registry/read-cause.ts';
import { readVersion } from '../registry/versions.ts';
import { isHeld } from './decide-release.ts';
import { ReleaseMovedError } from './errors.ts';
import { type EvidenceServices, gatherEvidence } from './evidence.ts';
import type { GateEvidence } from './gate.ts';
import { type GateServices, gateVersion } from './gate-version.ts';
import { judgeStep, judgeUnreadable, type Verdict } from './judge.ts';
import { readReleaseEntries } from './ledger.ts';
import type { ReleaseServices } from './release-services.ts';
import { changeRelease, type Release, readRelease } from './releases.ts';
import { scoreShadow } from './shadow.ts';
import { readDecision } from './version-status.ts';

export type JudgeServices = EvidenceServices & Pick<ReleaseServices, 'clock' | 'events'>;

/** Lets the gate decide on the version of a release against the champion that answers now, and records its decision. */
export async function gateRelease(
  services: GateServices,
  useCase: UseCase,
  { release: number, executionId }: ExamineReleaseInput,
): Promise<void> {
  const release = await readRelease(services.registry, useCase.id, number);
  const { status } = await gateVersion(services, useCase, { version: release.version, executionId, anew: true });
  await change(services.registry, release, () => ({ gate: status }));
}

/** Looks at the step that runs, and records the verdict. What has moved on meanwhile is left alone. */
export async function judgeRelease(
  services: JudgeServices,
  useCase: UseCase,
  { release: number }: ExamineReleaseInput,
): Promise<void> {
  const { registry, clock, events } = services;
  const release = await readRelease(registry, useCase.id, number);
  if (release.status !== 'running' || release.step < 0) return;
  const until = clock.now();
  const verdict = await judge(services, useCase, release, until);
  const judged = await recordVerdict(registry, release, verdict, until);
  if (!isHeld(judged)) return;
  const { version, steps, step, verdicts } = judged;
  const held = { useCase: useCase.id, release: number, version, step: steps[step]!, reason: verdicts[step]!.reason };
  await events.put('Release Held', held);
}

/** Records that gate or judge could not do their work: the version gets no traffic, as nobody knows what it does. */
export async function recordUnexamined(
  { registry, clock }: { readonly registry: Table; readonly clock: Clock },
  { useCase, release: number, failure }: RecordUnexaminedInput,
): Promise<void> {
  const release = await readRelease(registry, useCase, number);
  const error = new Error(readCause(failure.Cause));
  error.name = failure.Error;
  if (release.step >= 0) await recordVerdict(registry, release, judgeUnreadable(error), clock.now());
  else await change(registry, release, () => ({ gate: 'rejected' }));
}

async function judge(services: JudgeServices, useCase: UseCase, release: Release, until: Date): Promise<Verdict> {
  const { registry } = services;
  const { version, policy, strategy } = release;
  const entries = await readReleaseEntries(registry, useCase.id, release.release);
  const began = entries.find(({ decision }) => decision === 'shifted')!;
  const { shadow } = began.routing!;
  if (shadow) await scoreShadow(services, useCase, { shadow, since: new Date(began.at), until });
  const decision = await readDecision(registry, await readVersion(registry, useCase.id, version));
  const gate = decision!.evidence as unknown as GateEvidence;
  // What a test compares was said when the release was asked for; a later definition does not change it.
  const asked = { ...useCase, release: policy };
  const evidence = await gatherEvidence(services, asked, { began, until, gate, isExperiment: strategy === 'ab' });
  return judgeStep(evidence, { ...policy.limits, minimumRequests: policy.minimumRequests });
}

function recordVerdict(registry: Table, judged: Release, verdict: Verdict, at: Date): Promise<Release> {
  return change(registry, judged, ({ verdicts, step }) => ({
    verdicts: [...verdicts.slice(0, step), { ...verdict, at: at.toISOString() }],
  }));
}

/** Changes a release as long as it is where it was seen. */
async function change(
  registry: Table,
  seen: Release,
  changeOf: (release: Release) => Partial<Release>,
): Promise<Release> {
  for (let release = seen; ; release = await readRelease(registry, seen.useCase, seen.release)) {
    if (release.status !== 'running' || release.step !== seen.step) return release;
    try {
      return await changeRelease(registry, release, changeOf(release));
    } catch (error) {
      if (!(error instanceof ReleaseMovedError)) throw error;
    }
  }
}
