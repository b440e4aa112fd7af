import type { Objects } from '../../../platform/objects.ts';
import type { Table } from '../../../platform/table.ts';
import type { Execution, Workflows } from '../../../platform/workflows.ts';
import { collectEvents } from '../../collect-events.ts';

/** What moving traffic needs, with a clock that is set and executions that only are on record. */
export function createReleaseWorld({ objects, registry }: { objects: Objects; registry: Table }) {
  const started = new Map<string, Execution['status']>();
  const woken: string[] = [];
  const workflows: Pick<Workflows, 'start' | 'describe' | 'succeed'> = {
    async start(_, __, name) {
      if (!started.has(name)) started.set(name, 'RUNNING');
      return name;
    },
    async describe(executionId) {
      const status = started.get(executionId);
      const instant = new Date(0);
      const times = { startedAt: instant, stoppedAt: null, input: null, output: null, error: null, cause: null };
      return status && { executionId, name: executionId, status, ...times };
    },
    async succeed(token) {
      woken.push(token);
    },
  };
  let now = Date.parse('2026-03-02T03:10:00.000Z');
  return {
    objects,
    registry,
    workflows: workflows as Workflows,
    events: collectEvents(),
    clock: { now: () => new Date(now), real: (ms: number) => ms },
    /** Names of the executions of the machine, and what became of them. */
    started,
    /** Task tokens that were given back. */
    woken,
    /** Lets time pass. */
    pass(minutes: number) {
      now += minutes * 60_000;
    },
  };
}

export type ReleaseWorld = ReturnType<typeof createReleaseWorld>;
