import type { Deployment } from '../../../cli/deployment.ts';
import type { Release } from '../../../lifecycle/release/releases.ts';
import { watchRelease } from '../../../local/demo/watch-release.ts';
import { exampleRelease, exampleVerdict } from '../../lifecycle/release/example-release.ts';

/** Watches a release that is one state further each time that clients have asked. */
async function watch(states: readonly Partial<Release>[], isEnough?: (release: Release) => boolean) {
  let seen = 0;
  const read = async () => exampleRelease(states[Math.min(seen, states.length - 1)]);
  const registry = { get: read, query: async () => [await read()] };
  const told: string[] = [];
  await watchRelease({ registry } as unknown as Deployment, 'loans', {
    tell: line => told.push(line),
    meanwhile: async () => {
      seen += 1;
    },
    isEnough,
  });
  return { told, seen };
}

const shadow: Partial<Release> = { step: 0, verdicts: [] };
const judged: Partial<Release> = { step: 0, verdicts: [exampleVerdict('13:00:00', 'advance')] };

test('each state of a release is told once, to its end, while clients go on asking', async () => {
  const states = [{ step: -1 }, shadow, shadow, judged, { status: 'promoted' }] satisfies Partial<Release>[];
  expect(await watch(states)).toEqual({
    told: [
      'Release of version 2: running',
      'Release of version 2: shadow',
      'Release of version 2: shadow: advance',
      'Release of version 2: promoted',
    ],
    seen: 5,
  });
});

test('a release that was taken back says why', async () => {
  const { told } = await watch([{ status: 'rolled back', reason: 'it was worse' }]);
  expect(told).toEqual(['Release of version 2: rolled back: it was worse']);
});

test('watching ends when it is far enough', async () => {
  expect((await watch([{ step: -1 }, shadow, judged], ({ step }) => step >= 0)).seen).toBe(2);
});
