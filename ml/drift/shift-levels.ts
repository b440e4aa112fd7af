import { jensenShannonDistance } from './effect-size.ts';

/** Weights of levels after the rarest one took from all others up to a Jensen–Shannon distance; as far as it can where that is too far. */
export function shiftLevels(counts: readonly number[], distance: number): Float64Array {
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const rarest = counts.indexOf(Math.min(...counts));
  const mixed = (part: number) =>
    Float64Array.from(counts, (count, level) => (1 - part) * count + (level === rarest ? part * rows : 0));
  let [low, high] = [0, 1];
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2;
    if (jensenShannonDistance(counts, mixed(middle)) < distance) low = middle;
    else high = middle;
  }
  return mixed(high);
}
