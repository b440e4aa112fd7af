import { log } from './arithmetic/log.ts';

/** A stream of pseudo-random numbers that a seed decides. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Uniform integer in [0, bound). */
  integer(bound: number): number;
  /** What as many calls of `integer` draw, in a third of the time. OUT: drawn */
  integers(bound: number, drawn: Int32Array): void;
  /** Normal with mean 0 and standard deviation 1. */
  normal(): number;
}

/**
 * Starts a stream: xoshiro128** of Blackman and Vigna, its state filled by a mixing counter. The same seed gives the same numbers on every machine.
 *
 * @param seed any safe integer
 */
export function createRandom(seed: number): Random {
  if (!Number.isSafeInteger(seed)) throw new RangeError(`Cannot seed with ${seed}: expected a safe integer`);
  const generator = xoshiro128(seed);
  const { next } = generator;
  const uniform = () => ((next() >>> 5) * 67108864 + (next() >>> 6)) * twoToMinus53;
  return {
    uniform,
    integer: bound => drawInteger(next, bound),
    integers: (bound, drawn) => drawIntegers(generator, bound, drawn),
    normal: normalSource(uniform),
  };
}

/** Puts `values` into a random order, in place. */
export function shuffle<T extends { readonly length: number; [index: number]: unknown }>(values: T, random: Random): T {
  for (let i = values.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    const swapped = values[i];
    values[i] = values[j];
    values[j] = swapped;
  }
  return values;
}

// Looked up once: where tests run, each look at a global costs more than a draw.
const { floor, imul } = Math;

/** How many values a 32-bit word has: 2³². */
const words = 4294967296;
const twoToMinus53 = 1.1102230246251565e-16;

/** A source of 32-bit words. */
interface Generator {
  /** The next word, in [0, 2³²). */
  readonly next: () => number;
  /** The next words, as many as fit. OUT: drawn */
  readonly fill: (drawn: Uint32Array) => void;
}

function xoshiro128(seed: number): Generator {
  const mix = mixingCounter(seed | 0, Math.floor(seed / words) | 0);
  let [a, b, c, d] = [mix(), mix(), mix(), mix()];
  return {
    next: () => {
      const rotated = imul(b, 5);
      const result = imul((rotated << 7) | (rotated >>> 25), 9);
      const shifted = b << 9;
      c ^= a;
      d ^= b;
      b ^= c;
      a ^= d;
      c ^= shifted;
      d = (d << 11) | (d >>> 21);
      return result >>> 0;
    },
    // The same once more: with the state in variables of its own the loop takes a third of the time of as many calls.
    fill: drawn => {
      let [w, x, y, z] = [a, b, c, d];
      for (let i = 0; i < drawn.length; i++) {
        const rotated = imul(x, 5);
        drawn[i] = imul((rotated << 7) | (rotated >>> 25), 9);
        const shifted = x << 9;
        y ^= w;
        z ^= x;
        x ^= y;
        w ^= z;
        y ^= shifted;
        z = (z << 11) | (z >>> 21);
      }
      [a, b, c, d] = [w, x, y, z];
    },
  };
}

/** Splitmix in 32 bits: a counter with the golden ratio's step, mixed by the finalizer of MurmurHash3; the seed's high word goes in after the first mix. */
function mixingCounter(low: number, high: number): () => number {
  let counter = finalize(low) ^ high;
  return () => {
    counter = (counter + 0x9e3779b9) | 0;
    return finalize(counter);
  };
}

function finalize(word: number): number {
  let mixed = imul(word ^ (word >>> 16), 0x85ebca6b);
  mixed = imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** Draws are rejected above the last multiple of `bound`, so that every integer is exactly as likely. */
function drawInteger(next: () => number, bound: number): number {
  checkBound(bound);
  const limit = floor(words / bound) * bound;
  let drawn = next();
  while (drawn >= limit) drawn = next();
  // The remainder: % of numbers above 2³¹ takes several times as long. Quotients of 32 bits are never rounded up to the next whole number.
  return drawn - floor(drawn / bound) * bound;
}

function checkBound(bound: number): void {
  if (!(bound > 0 && bound <= words && floor(bound) === bound)) {
    throw new RangeError(`Cannot draw an integer below ${bound}: expected an integer in [1, 2^32]`);
  }
}

function drawIntegers({ next, fill }: Generator, bound: number, drawn: Int32Array): void {
  checkBound(bound);
  const limit = floor(words / bound) * bound;
  const found = new Uint32Array(drawn.length);
  fill(found);
  let kept = 0;
  for (let i = 0; i < found.length; i++) {
    const word = found[i]!;
    if (word < limit) drawn[kept++] = word - floor(word / bound) * bound;
  }
  for (; kept < drawn.length; kept++) drawn[kept] = drawInteger(next, bound);
}

/** Marsaglia's polar method; of the two normals that it makes, the second waits for the next call. */
function normalSource(uniform: () => number): () => number {
  let waiting: number | undefined;
  return () => {
    if (waiting !== undefined) {
      const value = waiting;
      waiting = undefined;
      return value;
    }
    let x: number;
    let y: number;
    let square: number;
    do {
      x = 2 * uniform() - 1;
      y = 2 * uniform() - 1;
      square = x * x + y * y;
    } while (square >= 1 || square === 0);
    const factor = Math.sqrt((-2 * log(square)) / square);
    waiting = y * factor;
    return x * factor;
  };
}
