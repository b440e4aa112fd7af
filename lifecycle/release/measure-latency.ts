import type { Instance } from '../../contracts/http.ts';
import type { ModelSession } from '../inference/model-session.ts';

const warmUps = 10;
const calls = 100;

/** Milliseconds within which 95 % of calls with one row are answered, after the first ones; null without a row. */
export async function measureLatency(session: ModelSession, instances: readonly Instance[]): Promise<number | null> {
  if (instances.length === 0) return null;
  const times: number[] = [];
  for (let call = 0; call < warmUps + calls; call++) {
    const start = performance.now();
    await session.scoreInstances([instances[call % instances.length]!]);
    times.push(performance.now() - start);
  }
  return times.slice(warmUps).sort((left, right) => left - right)[Math.ceil(calls * 0.95) - 1]!;
}
