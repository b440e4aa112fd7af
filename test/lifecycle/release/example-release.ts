import type { Release } from '../../../lifecycle/release/releases.ts';
import { fillRelease } from '../../../use-cases/release-policy.ts';

/** A canary of version 2 in its first step since noon, to be changed by a test. */
export function exampleRelease(changes: Partial<Release> = {}): Release {
  return {
    useCase: 'loans',
    release: 1,
    version: 2,
    strategy: 'canary',
    policy: fillRelease(),
    requestedAt: '2026-03-02T11:00:00.000Z',
    requestedBy: 'somebody',
    requestId: 'r1',
    status: 'running',
    startedAt: '2026-03-02T11:00:00.000Z',
    champion: 1,
    gate: 'passed',
    approval: null,
    steps: ['shadow', 0.05, 0.25],
    step: 0,
    since: '2026-03-02T12:00:00.000Z',
    verdicts: [],
    endedAt: null,
    reason: null,
    executions: 0,
    executionId: null,
    revision: 0,
    ...changes,
  };
}

/** What the judge says at a time of the day. */
export function exampleVerdict(time: string, verdict: Release['verdicts'][number]['verdict']) {
  return { verdict, reason: `it is ${verdict}`, checks: [], at: `2026-03-02T${time}.000Z` };
}
