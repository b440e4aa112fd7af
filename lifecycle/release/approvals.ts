import type { AwaitApprovalInput } from '../../contracts/tasks.ts';
import type { Key } from '../../platform/table.ts';
import { partition } from '../registry/keys.ts';
import { NoApprovalWantedError, ReleaseMovedError } from './errors.ts';
import { keepReleasing } from './next-release.ts';
import type { ReleaseServices } from './release-services.ts';
import { type Approval, changeRelease, listReleases, type Release, readRelease } from './releases.ts';

export interface ApprovalAnswer {
  readonly useCase: string;
  readonly release: number;
  readonly decision: NonNullable<Approval['answer']>['decision'];
  readonly by: string;
  readonly reason: string;
}

/**
 * Records what a person decided on a release, and lets it go on.
 *
 * @throws {NoApprovalWantedError} when it waits for nobody, was decided already, or the deadline has passed
 * @throws {ReleaseNotFoundError}
 */
export async function answerApproval(services: ReleaseServices, answer: ApprovalAnswer): Promise<Release> {
  const { registry } = services;
  await record(services, answer);
  await keepReleasing(services, answer.useCase, answer.by);
  await wake(services, answer);
  return readRelease(registry, answer.useCase, answer.release);
}

/** How an approval stands. `expired` from the deadline on, though the release takes minutes to end by it. */
export type ApprovalState = 'wanted' | 'approved' | 'rejected' | 'expired';

/** Says how an approval stands at an instant. */
export function approvalState({ answer, deadline }: Approval, now: Date): ApprovalState {
  return answer?.decision ?? (now >= new Date(deadline) ? 'expired' : 'wanted');
}

/** A release as it is told at an instant: with how its approval stands. */
export function tellRelease({ approval, ...release }: Release, now: Date) {
  return { ...release, approval: approval && { ...approval, state: approvalState(approval, now) } };
}

/** Releases that wait for a person, newest first. */
export async function listApprovals({ registry, clock }: Pick<ReleaseServices, 'registry' | 'clock'>, useCase: string) {
  const releases = await listReleases(registry, useCase);
  return releases.filter(release => describeMissing(release, clock.now()) === undefined);
}

/** Keeps the token under which an execution waits for a person. One who has answered meanwhile has not seen it: it is given back at once. */
export async function awaitApproval(
  services: ReleaseServices,
  { useCase, release, token }: AwaitApprovalInput,
): Promise<void> {
  const item: TokenItem = { ...tokenKey(useCase, release), token };
  await services.registry.put(item);
  const { approval, status } = await readRelease(services.registry, useCase, release);
  if (approval?.answer || status !== 'running') await wake(services, { useCase, release });
}

async function record({ registry, clock }: ReleaseServices, answer: ApprovalAnswer): Promise<void> {
  const { useCase, decision, by, reason } = answer;
  for (;;) {
    const release = await readRelease(registry, useCase, answer.release);
    const missing = describeMissing(release, clock.now());
    if (missing !== undefined) throw new NoApprovalWantedError(useCase, answer.release, missing);
    const at = clock.now().toISOString();
    const approval: Approval = { ...release.approval!, answer: { decision, by, at, reason } };
    try {
      await changeRelease(registry, release, { approval });
      return;
    } catch (error) {
      if (!(error instanceof ReleaseMovedError)) throw error;
    }
  }
}

/** Why no answer is taken; undefined when one is wanted. */
function describeMissing({ status, approval, reason }: Release, now: Date): string | undefined {
  if (approval?.answer) return `it was ${approval.answer.decision} by ${approval.answer.by} at ${approval.answer.at}`;
  if (approval && approvalState(approval, now) === 'expired') return `its deadline ${approval.deadline} has passed`;
  if (status !== 'running') return `it is ${status}${reason === null ? '' : ` (${reason})`}`;
  return approval ? undefined : 'nobody has to approve it';
}

type TokenItem = Key & { readonly token: string };

/** Wakes the execution that waits, if one does. */
async function wake(
  { registry, workflows }: ReleaseServices,
  { useCase, release }: Pick<ApprovalAnswer, 'useCase' | 'release'>,
): Promise<void> {
  const item = await registry.get<TokenItem>(tokenKey(useCase, release));
  if (item) await workflows.succeed(item.token, {});
}

function tokenKey(useCase: string, release: number): Key {
  return { pk: partition(useCase, 'lease'), sk: `approval-${release}` };
}
