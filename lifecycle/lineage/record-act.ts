import { bucketPrefixes } from '../../contracts/bucket-layout.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Act } from './act.ts';
import { describeRun } from './run-events.ts';

/** Stores an act as OpenLineage events, one a line. Recorded again, it takes its own place. */
export async function recordAct(objects: Objects, act: Act): Promise<void> {
  const events = describeRun(objects.bucket, act).map(event => `${JSON.stringify(event)}\n`);
  const key = `${bucketPrefixes.lineage}${act.useCase}/${act.name}/${act.id}.ndjson`;
  await objects.write(key, events.join(''), 'application/x-ndjson');
}
