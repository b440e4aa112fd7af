import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { connectDeployment, type Deployment } from '../cli/deployment.ts';
import type { PredictResponse } from '../contracts/http.ts';
import { claimVersion, readVersion } from '../lifecycle/registry/versions.ts';
import { appendEntry, nextEntry, readLatestEntry } from '../lifecycle/release/ledger.ts';
import { rollBack } from '../lifecycle/release/roll-back.ts';
import {
  connect,
  countErrors,
  drawBodies,
  endpointOptions,
  type Reply,
  send,
  type Target,
} from './endpoint/requests.ts';

/** A reply, and when it came. */
interface Answer extends Reply {
  readonly at: number;
  readonly version: number | undefined;
}

/**
 * Flips between two versions of a live endpoint (`npm start` in another terminal) while it is under load, by the same rollback that people use:
 * how long answers of the version before still come, and how many requests fail. The second version is a copy of the champion; in the end the
 * champion answers again.
 */
export default async function flips(options: string[]): Promise<object> {
  const { values } = parseArgs({
    args: options,
    options: {
      ...endpointOptions,
      requests: { type: 'string', default: '10000' },
      flips: { type: 'string', default: '10' },
      connections: { type: 'string', default: '8' },
    },
  });
  const deployment = await connectDeployment({ state: values.state });
  const useCase = values['use-case'];
  const { target, description } = await connect({ ...values, endpoint: deployment.endpoint });
  const champion = description.version!;
  const copy = await registerCopy(deployment, useCase, champion);
  const load = keepSending(target, drawBodies(description, 1_000, 1), Number(values.connections));
  const visible: number[] = [];
  for (let flip = 0; flip < Number(values.flips); flip++) {
    await load.until((Number(values.requests) * (flip + 1)) / (Number(values.flips) + 1));
    const to = flip % 2 === 0 ? copy : champion;
    await rollBack(deployment, { useCase, to, by: 'bench', reason: `flip ${flip + 1}` });
    visible.push(await load.seen(to));
  }
  await load.until(Number(values.requests));
  const answers = await load.stop();
  target.agent.destroy();
  return {
    use_case: useCase,
    requests: answers.length,
    flips: visible.length,
    failed_requests: countErrors(answers),
    visible_max_ms: Math.round(Math.max(...visible)),
    visible_median_ms: Math.round(visible.toSorted((left, right) => left - right)[Math.floor(visible.length / 2)]!),
  };
}

/** Registers the champion's model once more, as a version that passed the gate. */
async function registerCopy({ registry, clock }: Deployment, useCase: string, champion: number): Promise<number> {
  const { version: _, ...claim } = await readVersion(registry, useCase, champion);
  const { version } = await claimVersion(registry, { ...claim, runId: `${claim.runId}-copy` });
  const decided = { at: clock.now().toISOString(), by: 'bench', decision: 'passed', version, release: null } as const;
  const latest = await readLatestEntry(registry, useCase);
  await appendEntry(
    registry,
    useCase,
    nextEntry(latest, { ...decided, reason: 'a copy of the champion', evidence: {} }),
  );
  return version;
}

/** On each connection a request as soon as the one before is answered. */
function keepSending(target: Target, bodies: readonly string[], connections: number) {
  const answers: Answer[] = [];
  let goesOn = true;
  const runs = Array.from({ length: connections }, async () => {
    while (goesOn) {
      const reply = await send(target, bodies[answers.length % bodies.length]);
      answers.push({ ...reply, at: performance.now(), version: readVersionOf(reply) });
    }
  });
  return {
    async until(count: number): Promise<void> {
      while (answers.length < count) await sleep(5);
    },
    /** Milliseconds from now until the last answer of another version, known once a hundred answers in a row are of this one. */
    async seen(version: number): Promise<number> {
      const begun = performance.now();
      const first = answers.length;
      for (;;) {
        const since = answers.slice(first);
        const last = since.findLastIndex(answer => answer.version !== version);
        if (since.length - last > 100) return last < 0 ? 0 : since[last]!.at - begun;
        await sleep(5);
      }
    },
    async stop(): Promise<readonly Answer[]> {
      goesOn = false;
      await Promise.all(runs);
      return answers;
    },
  };
}

function readVersionOf({ status, body }: Reply): number | undefined {
  return status === 200 ? (JSON.parse(body) as PredictResponse).predictions[0]!.version : undefined;
}
