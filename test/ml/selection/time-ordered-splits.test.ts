import { createRandom } from '../../../ml/random.ts';
import { timeOrderedSplits } from '../../../ml/selection/time-ordered-splits.ts';

const own = (rows: number) => Array.from({ length: rows }, (_, row) => row);

test('each split holds one part of the time and trains on all before', () => {
  const splits = timeOrderedSplits(Float64Array.of(60, 10, 20, 50, 30, 40), own(6), { splits: 2 });
  expect(splits.map(({ training, held }) => [[...training], [...held]])).toEqual([
    [
      [1, 2],
      [4, 5],
    ],
    [
      [1, 2, 4, 5],
      [3, 0],
    ],
  ]);
});

test('rows of equal time are not cut apart', () => {
  const [split] = timeOrderedSplits(Float64Array.of(1, 2, 2, 2, 2, 3), own(6), { splits: 1 });
  expect([[...split!.training], [...split!.held]]).toEqual([[0, 1, 2, 3, 4], [5]]);
});

test('a group with held rows does not train', () => {
  const groups = ['a', 'b', 'c', 'a', 'd', 'd'];
  const [split] = timeOrderedSplits(Float64Array.of(1, 2, 3, 4, 5, 6), groups, { splits: 1 });
  expect([[...split!.training], [...split!.held]]).toEqual([
    [1, 2],
    [3, 4, 5],
  ]);
});

test('a gap keeps out rows whose label was not known yet', () => {
  const [split] = timeOrderedSplits(Float64Array.of(10, 20, 30, 40), own(4), { splits: 1, gap: 20 });
  expect([[...split!.training], [...split!.held]]).toEqual([[0], [2, 3]]);
});

test('no split ever trains on a later row or a held group', () => {
  const random = createRandom(81);
  for (let round = 0; round < 20; round++) {
    const times = Float64Array.from({ length: 400 }, () => random.integer(150));
    const groups = Array.from(times, () => random.integer(200));
    const splits = timeOrderedSplits(times, groups, { splits: 4, gap: 5 });
    const held = splits.flatMap(split => [...split.held]);
    expect(new Set(held).size).toBe(held.length);
    for (const { training, held: later } of splits) {
      expect(Math.max(...training.map(row => times[row]!))).toBeLessThanOrEqual(
        Math.min(...later.map(row => times[row]!)) - 5,
      );
      const heldGroups = new Set(Array.from(later, row => groups[row]));
      expect(training.some(row => heldGroups.has(groups[row]!))).toBe(false);
    }
  }
});

test('too few times, nothing to train on and invalid options are refused', () => {
  expect(() => timeOrderedSplits(Float64Array.of(1, 1, 1), own(3), { splits: 1 })).toThrow('too few different times');
  expect(() => timeOrderedSplits(Float64Array.of(1, 2), ['a', 'a'], { splits: 1 })).toThrow('has nothing to train on');
  expect(() => timeOrderedSplits(Float64Array.of(1, 2), own(2), { splits: 0 })).toThrow('splits is 0');
  expect(() => timeOrderedSplits(Float64Array.of(1, 2), own(2), { splits: 1, gap: -1 })).toThrow('gap is -1');
});
