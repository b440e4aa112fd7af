/**
 * The bucket of a value in a `bucket[width]` partition: murmur3 (32 bits, seed 0) of its bytes, without the sign, modulo the width.
 *
 * Formula and bytes: Iceberg specification, "Bucket Transform Details" and appendix B.
 *
 * @param value of an int, long, date (days) or timestamp (microseconds) column as bigint, else the string
 * @returns in [0, width)
 */
export function bucketOf(value: bigint | string, width: number): number {
  return (murmur3(typeof value === 'string' ? Buffer.from(value) : longBytes(value)) & 0x7fffffff) % width;
}

function longBytes(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(value);
  return bytes;
}

function murmur3(bytes: Buffer): number {
  const whole = bytes.length - (bytes.length % 4);
  let hash = 0;
  for (let at = 0; at < whole; at += 4)
    hash = (Math.imul(rotate(hash ^ scramble(bytes.readInt32LE(at)), 13), 5) + 0xe6546b64) | 0;
  if (whole < bytes.length) hash ^= scramble(bytes.readUIntLE(whole, bytes.length - whole));
  return finish(hash ^ bytes.length);
}

function scramble(block: number): number {
  return Math.imul(rotate(Math.imul(block, 0xcc9e2d51), 15), 0x1b873593);
}

function finish(hash: number): number {
  const first = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const second = Math.imul(first ^ (first >>> 13), 0xc2b2ae35);
  return second ^ (second >>> 16);
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
