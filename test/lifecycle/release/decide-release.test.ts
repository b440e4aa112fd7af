import { decideRelease, isHeld } from '../../../lifecycle/release/decide-release.ts';
import type { Release } from '../../../lifecycle/release/releases.ts';
import { fillRelease } from '../../../use-cases/release-policy.ts';
import { exampleRelease, exampleVerdict } from './example-release.ts';

const at = (time: string, day = '02') => new Date(`2026-03-${day}T${time}.000Z`);

function decide(now: Date, changes: Partial<Release> = {}, running: number | null = 1) {
  return decideRelease(exampleRelease(changes), running, now);
}

test('a release that does not run has nothing to do', () => {
  for (const status of ['waiting', 'promoted', 'rolled back', 'declined', 'superseded'] as const) {
    expect(decide(at('12:00:00'), { status }, null)).toEqual({ act: 'end' });
  }
});

test('one that the ledger says has ended is closed, whatever its record says', () => {
  expect(decide(at('12:00:00'), {}, null)).toEqual({ act: 'close' });
  expect(decide(at('12:00:00'), {}, 2)).toEqual({ act: 'close' });
});

test('no traffic moves before the gate has decided against the champion that answers', () => {
  expect(decide(at('12:00:00'), { step: -1, since: null, gate: null })).toEqual({ act: 'gate' });
  expect(decide(at('12:00:00'), { step: -1, since: null, gate: 'rejected' })).toMatchObject({ act: 'decline' });
});

test('it begins with the first step, or ends at once where there is none', () => {
  expect(decide(at('12:00:00'), { step: -1, since: null })).toEqual({ act: 'shift', step: 0 });
  const first = { step: -1, since: null, steps: [], champion: null };
  expect(decide(at('12:00:00'), first)).toEqual({ act: 'promote', reason: 'the first version' });
});

describe('approval', () => {
  const policy = fillRelease({ approval: { deadlineHours: 24 } });
  const waiting = { policy, step: -1, since: null };
  const approval = { wantedAt: '2026-03-02T11:00:00.000Z', deadline: '2026-03-03T11:00:00.000Z', answer: null };
  const answer = (decision: 'approved' | 'rejected') => ({ decision, by: 'Ada', at: '', reason: 'because' });

  test('is asked for before anything moves, with the deadline of the policy', () => {
    expect(decide(at('12:00:00'), waiting)).toEqual({ act: 'ask for approval', deadline: '2026-03-03T12:00:00.000Z' });
  });

  test('is awaited until the deadline, which is a rejection', () => {
    expect(decide(at('10:59:59', '03'), { ...waiting, approval })).toMatchObject({ act: 'await approval' });
    expect(decide(at('11:00:00', '03'), { ...waiting, approval })).toMatchObject({ act: 'decline' });
  });

  test('lets it begin, and a rejection ends it with the reason', () => {
    const approved = { ...waiting, approval: { ...approval, answer: answer('approved') } };
    expect(decide(at('12:00:00', '09'), approved)).toEqual({ act: 'shift', step: 0 });
    const rejected = { ...waiting, approval: { ...approval, answer: answer('rejected') } };
    expect(decide(at('12:00:00'), rejected)).toEqual({ act: 'decline', reason: 'rejected by Ada: because' });
  });
});

describe('a step', () => {
  test('is looked at every so often, and when its time is over', () => {
    expect(decide(at('12:09:59'))).toEqual({ act: 'wait', until: '2026-03-02T12:10:00.000Z' });
    expect(decide(at('12:10:00'))).toEqual({ act: 'judge' });
    const late = { verdicts: [exampleVerdict('12:55:00', 'advance')] };
    expect(decide(at('12:56:00'), late)).toEqual({ act: 'wait', until: '2026-03-02T13:00:00.000Z' });
  });

  test('that does harm ends at once', () => {
    const harmful = { verdicts: [exampleVerdict('12:10:00', 'roll back')] };
    expect(decide(at('12:10:00'), harmful)).toEqual({ act: 'roll back', reason: 'it is roll back' });
  });

  test('goes on only when its time is over', () => {
    const early = { verdicts: [exampleVerdict('12:50:00', 'advance')] };
    expect(decide(at('12:55:00'), early)).toMatchObject({ act: 'wait' });
    const baked = { verdicts: [exampleVerdict('13:00:00', 'advance')] };
    expect(decide(at('13:00:00'), baked)).toEqual({ act: 'shift', step: 1 });
  });

  test('that is the last makes the version the champion', () => {
    const verdicts = ['10:00:00', '11:00:00', '13:00:00'].map(time => exampleVerdict(time, 'advance'));
    expect(decide(at('13:00:00'), { step: 2, verdicts })).toEqual({ act: 'promote', reason: 'it is advance' });
  });

  test('without a time of its own is looked at at once', () => {
    expect(decide(at('12:00:00'), { policy: fillRelease({ bakeMinutes: 0 }) })).toEqual({ act: 'judge' });
  });

  test.each(['hold', 'insufficient evidence'] as const)('of which the verdict is %s is looked at again', verdict => {
    const undecided = { verdicts: [exampleVerdict('13:00:00', verdict)] };
    expect(decide(at('13:05:00'), undecided)).toEqual({ act: 'wait', until: '2026-03-02T13:10:00.000Z' });
  });

  test.each([
    ['promote', { act: 'shift', step: 1 }],
    ['roll back', { act: 'roll back' }],
    ['hold', { act: 'wait' }],
  ] as const)('that stays undecided: the policy says %s', (action, expected) => {
    const policy = fillRelease({ whenInsufficient: { action, afterHours: 2 } });
    const undecided = { policy, verdicts: [exampleVerdict('15:00:00', 'insufficient evidence')] };
    expect(decide(at('15:00:00'), undecided)).toMatchObject(expected);
    const early = { policy, verdicts: [exampleVerdict('14:59:59', 'insufficient evidence')] };
    expect(decide(at('15:00:00'), early)).toMatchObject({ act: 'wait' });
  });

  test.each([
    ['hold', { act: 'promote' }],
    ['insufficient evidence', { act: 'roll back' }],
  ] as const)(
    'of an A/B test that ends undecided with %s, promoted only if it is known to do no harm',
    (verdict, expected) => {
      const policy = fillRelease({ whenInsufficient: { action: 'promote', afterHours: 2 } });
      const undecided = {
        strategy: 'ab',
        steps: [0.5],
        policy,
        verdicts: [exampleVerdict('15:00:00', verdict)],
      } as const;
      expect(decide(at('15:00:00'), undecided)).toMatchObject(expected);
    },
  );
});

test('people are told of a held step once', () => {
  const policy = fillRelease({ whenInsufficient: { action: 'hold', afterHours: 2 } });
  const heldAt = (time: string) =>
    isHeld(exampleRelease({ policy, verdicts: [exampleVerdict(time, 'insufficient evidence')] }));
  expect(['14:50:00', '15:00:00', '15:09:59', '15:10:00'].map(heldAt)).toEqual([false, true, true, false]);
  expect(isHeld(exampleRelease({ policy, verdicts: [exampleVerdict('15:00:00', 'advance')] }))).toBe(false);
});
