/** Keys on their way from one digit's order to the next one's: two arrays, as long as the values at least. */
export type SortingRoom = readonly [Uint32Array, Uint32Array];

/** Room to sort as many values. */
export function makeSortingRoom(count: number): SortingRoom {
  return [new Uint32Array(count), new Uint32Array(count)];
}

/**
 * The values in rising order, without NaN. By counting digits of 11 bits: several times faster than comparing.
 *
 * @param room holds the result afterwards
 */
export function sortFloats(values: Float32Array, room: SortingRoom = makeSortingRoom(values.length)): Float32Array {
  const [keys, others] = room;
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    keys[count++] = keyOf(values[i] === 0 ? 0 : bits[i]!);
  }
  sortByDigit(keys, others, count, 0);
  sortByDigit(others, keys, count, 11);
  sortByDigit(keys, others, count, 22);
  for (let i = 0; i < count; i++) keys[i] = bitsOf(others[i]!);
  return new Float32Array(keys.buffer, keys.byteOffset, count);
}

/** Keys sort as the floats do: positive ones above negative ones, whose order is turned. */
function keyOf(bits: number): number {
  return bits >>> 31 === 0 ? bits | 0x80000000 : ~bits;
}

function bitsOf(key: number): number {
  return key >>> 31 === 1 ? key & 0x7fffffff : ~key;
}

function sortByDigit(from: Uint32Array, to: Uint32Array, count: number, shift: number): void {
  const next = new Uint32Array(2049);
  for (let i = 0; i < count; i++) next[((from[i]! >>> shift) & 2047) + 1]! += 1;
  for (let digit = 0; digit < 2048; digit++) next[digit + 1]! += next[digit]!;
  for (let i = 0; i < count; i++) to[next[(from[i]! >>> shift) & 2047]!++] = from[i]!;
}
