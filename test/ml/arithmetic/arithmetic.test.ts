import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { exp } from '../../../ml/arithmetic/exp.ts';
import { expm1 } from '../../../ml/arithmetic/expm1.ts';
import { log } from '../../../ml/arithmetic/log.ts';
import { log1p } from '../../../ml/arithmetic/log1p.ts';
import { sigmoid } from '../../../ml/arithmetic/sigmoid.ts';
import { createRandom } from '../../../ml/random.ts';

const functions = { exp, expm1, log, log1p };
type Name = keyof typeof functions;
const names = Object.keys(functions) as Name[];

/** Inputs and correctly rounded results; test/reference/arithmetic.py made them with 1,300-bit arithmetic. */
const reference: Record<Name, [string, string][]> = JSON.parse(readFileSync('test/reference/arithmetic.json', 'utf8'));

describe.each(names)('%s()', name => {
  const f = functions[name];

  test('is within 1 ulp of the correctly rounded result', () => {
    const wrong = reference[name].filter(([input, result]) => ulps(f(fromBits(input)), fromBits(result)) > 1n);
    expect(wrong).toEqual([]);
  });

  test('is correctly rounded almost always', () => {
    const exact = reference[name].filter(([input, result]) => f(fromBits(input)) === fromBits(result));
    expect(exact.length / reference[name].length).toBeGreaterThan(0.85);
  });

  test('never falls where its argument rises', () => {
    const random = createRandom(7);
    for (let i = 0; i < 20_000; i++) {
      const x = inDomain(name, random.normal() * (i % 2 === 0 ? 1 : 30));
      const next = fromOrder(order(x) + BigInt(x < 0 ? -1 : 1));
      const rise = next > x ? f(next) - f(x) : f(x) - f(next);
      if (!(rise >= 0)) throw new Error(`${name} falls at ${x}`);
    }
  });
});

test('the results of 40,000 arguments are the same bits on every machine', () => {
  const random = createRandom(11);
  const hash = createHash('sha256');
  for (let i = 0; i < 10_000; i++) {
    const x = random.normal() * (i % 2 === 0 ? 1 : 30);
    for (const name of names) hash.update(toBits(functions[name](inDomain(name, x))));
  }
  expect(hash.digest('hex')).toBe('148f33ad04f784564f3a8d30c98ed3c872bf0b43b46c503138427557fc9c5343');
});

test.each([
  ['exp', [NaN, Infinity, -Infinity, 0, -0, 1000, -1000], [NaN, Infinity, 0, 1, 1, Infinity, 0]],
  ['expm1', [NaN, Infinity, -Infinity, 0, -0, 1000, -1000], [NaN, Infinity, -1, 0, -0, Infinity, -1]],
  ['log', [NaN, Infinity, -Infinity, 0, -0, -1, 1], [NaN, Infinity, NaN, -Infinity, -Infinity, NaN, 0]],
  ['log1p', [NaN, Infinity, -Infinity, 0, -0, -1, -2], [NaN, Infinity, NaN, 0, -0, -Infinity, NaN]],
] as const)('%s() treats infinities, zeros and NaN as IEEE 754 recommends', (name, inputs, results) => {
  expect(inputs.map(x => functions[name](x))).toEqual(results);
});

test('sigmoid() keeps its tails', () => {
  expect(sigmoid(0)).toBe(0.5);
  expect(sigmoid(-700)).toBeCloseTo(9.85967654375977e-305, 310);
  expect([sigmoid(1000), sigmoid(-1000)]).toEqual([1, 0]);
  expect(sigmoid(2) + sigmoid(-2)).toBeCloseTo(1, 15);
});

/** An argument in the function's domain. */
function inDomain(name: Name, x: number): number {
  if (name === 'log') return Math.abs(x) + 1e-300;
  return name === 'log1p' ? Math.max(x, -0.999) : x;
}

const view = new DataView(new ArrayBuffer(8));

function fromBits(hex: string): number {
  view.setBigUint64(0, BigInt(`0x${hex}`));
  return view.getFloat64(0);
}

function toBits(value: number): string {
  view.setFloat64(0, value);
  return view.getBigUint64(0).toString(16);
}

/** Doubles of one sign numbered in the order of their size. */
function order(value: number): bigint {
  view.setFloat64(0, value);
  return view.getBigInt64(0);
}

function fromOrder(number: bigint): number {
  view.setBigInt64(0, number);
  return view.getFloat64(0);
}

/** How many doubles lie between two of the same sign; 0 for equal ones. */
function ulps(a: number, b: number): bigint {
  if (a === b) return 0n;
  const difference = order(a) - order(b);
  return difference < 0n ? -difference : difference;
}
