/** The values in rising order, without NaN. By counting digits of 11 bits: several times faster than comparing. */
export function sortFloats(values: Float32Array): Float32Array {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let keys = new Uint32Array(values.length);
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    if (Number.isNaN(values[i])) continue;
    keys[count++] = keyOf(values[i] === 0 ? 0 : bits[i]!);
  }
  keys = keys.subarray(0, count);
  let other = new Uint32Array(count);
  for (const shift of [0, 11, 22]) {
    sortByDigit(keys, other, shift);
    [keys, other] = [other, keys];
  }
  for (let i = 0; i < count; i++) other[i] = bitsOf(keys[i]!);
  return new Float32Array(other.buffer, other.byteOffset, count);
}

/** Keys sort as the floats do: positive ones above negative ones, whose order is turned. */
function keyOf(bits: number): number {
  return bits >>> 31 === 0 ? bits | 0x80000000 : ~bits;
}

function bitsOf(key: number): number {
  return key >>> 31 === 1 ? key & 0x7fffffff : ~key;
}

function sortByDigit(from: Uint32Array, to: Uint32Array, shift: number): void {
  const next = new Uint32Array(2049);
  for (let i = 0; i < from.length; i++) next[((from[i]! >>> shift) & 2047) + 1]! += 1;
  for (let digit = 0; digit < 2048; digit++) next[digit + 1]! += next[digit]!;
  for (let i = 0; i < from.length; i++) to[next[(from[i]! >>> shift) & 2047]!++] = from[i]!;
}
