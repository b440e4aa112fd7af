import type { RunEvent } from '../../../lifecycle/lineage/run-events.ts';
import type { Objects } from '../../../platform/objects.ts';

/** The last event of every recorded act of a use case, by job. */
export async function readEnds(objects: Objects, useCase: string): Promise<Record<string, RunEvent[]>> {
  const listed = await objects.list(`lineage/${useCase}/`);
  const ends = await Promise.all(
    listed.map(async ({ key }): Promise<RunEvent> => {
      const [start, end, ...others] = new TextDecoder()
        .decode(await objects.read(key))
        .trimEnd()
        .split('\n')
        .map(line => JSON.parse(line));
      expect([start.eventType, start.run.runId, others]).toEqual(['START', end.run.runId, []]);
      expect(start.eventTime <= end.eventTime).toBe(true);
      return end;
    }),
  );
  return Object.groupBy(ends, ({ job }) => job.name.slice(useCase.length + 1)) as Record<string, RunEvent[]>;
}
