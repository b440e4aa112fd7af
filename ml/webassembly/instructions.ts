import { type Code, float64, type Local, type Operand, signed, unsigned } from './code.ts';

/** Sets a variable. */
export function set(local: Local, value: Operand): Code {
  return [...push(value, local.type), 0x21, ...unsigned(local.index)];
}

/** Adds to a variable. */
export function increase(local: Local, by: Operand): Code {
  return set(local, [...push(local, local.type), ...push(by, local.type), local.type === 'i64' ? 0x7c : 0x6a]);
}

/** 32-bit integers. Comparisons give 1 or 0. */
export const i32 = {
  add: binary('i32', 0x6a),
  sub: binary('i32', 0x6b),
  mul: binary('i32', 0x6c),
  and: binary('i32', 0x71),
  or: binary('i32', 0x72),
  xor: binary('i32', 0x73),
  div: binary('i32', 0x6d),
  shl: binary('i32', 0x74),
  shrSigned: binary('i32', 0x75),
  shrUnsigned: binary('i32', 0x76),
  equal: binary('i32', 0x46),
  notEqual: binary('i32', 0x47),
  less: binary('i32', 0x48),
  lessUnsigned: binary('i32', 0x49),
  greater: binary('i32', 0x4a),
  atLeast: binary('i32', 0x4e),
  /** The lower half. */
  wrap: unary('i64', 0xa7),
  load: load('i32', 0x28),
  loadByte: load('i32', 0x2d),
  loadShort: load('i32', 0x2f),
  store: store('i32', 0x36),
  storeByte: store('i32', 0x3a),
  storeShort: store('i32', 0x3b),
};

/** 64-bit integers. */
export const i64 = {
  add: binary('i64', 0x7c),
  sub: binary('i64', 0x7d),
  and: binary('i64', 0x83),
  or: binary('i64', 0x84),
  shl: binary('i64', 0x86),
  shrSigned: binary('i64', 0x87),
  shrUnsigned: binary('i64', 0x88),
  notEqual: binary('i64', 0x52),
  mul: binary('i64', 0x7e),
  /** Of an i32, taken as above 0. */
  extend: unary('i32', 0xad),
  trailingZeros: unary('i64', 0x7a),
  truncate: unary('f64', 0xb0),
  load: load('i64', 0x29),
  /** Sign-extends 32 bits. */
  loadInt: load('i64', 0x34),
  store: store('i64', 0x37),
};

/** Floats. Comparisons give 1 or 0, and 0 with NaN but for `notEqual`. */
export const f32 = {
  less: binary('f32', 0x5d),
  notEqual: binary('f32', 0x5c),
  load: load('f32', 0x2a),
};

/** Doubles. */
export const f64 = {
  add: binary('f64', 0xa0),
  sub: binary('f64', 0xa1),
  mul: binary('f64', 0xa2),
  div: binary('f64', 0xa3),
  min: binary('f64', 0xa4),
  max: binary('f64', 0xa5),
  abs: unary('f64', 0x99),
  neg: unary('f64', 0x9a),
  greater: binary('f64', 0x64),
  atLeast: binary('f64', 0x66),
  less: binary('f64', 0x63),
  fromInt: unary('i64', 0xb9),
  load: load('f64', 0x2b),
  store: store('f64', 0x39),
  /** Widens a float32 in memory. */
  loadFloat: (address: Operand, offset = 0): Code => [...push(address, 'i32'), 0x2a, 0, ...unsigned(offset), 0xbb],
};

/** 128 bits: two doubles, two 64-bit integers or four 32-bit integers. Comparisons give all ones or all zeros. */
export const v128 = {
  load: load('v128', [0xfd, 0x00]),
  store: store('v128', [0xfd, 0x0b]),
  /** The low half from memory, the high half 0. */
  loadLow: load('v128', [0xfd, 0x5d]),
  /** The high half from memory, the low half as it was. */
  loadHigh: (address: Operand, offset: number, low: Operand): Code => [
    ...push(address, 'i32'),
    ...push(low, 'v128'),
    ...[0xfd, 0x57, 0],
    ...unsigned(offset),
    1,
  ],
  storeLow: (address: Operand, value: Operand, offset = 0): Code => [
    ...push(address, 'i32'),
    ...push(value, 'v128'),
    ...[0xfd, 0x5b, 0],
    ...unsigned(offset),
    0,
  ],
  and: vector(0x4e),
  or: vector(0x50),
  /** 1 when any bit is set. */
  anyTrue: vectorUnary(0x53),
  /** Where the mask has ones the first, else the second. */
  select: (first: Operand, second: Operand, mask: Operand): Code => [
    ...push(first, 'v128'),
    ...push(second, 'v128'),
    ...push(mask, 'v128'),
    ...simd(0x52),
  ],
  /** Doublewords 0 and 1 are the first's, 2 and 3 the second's. */
  shuffle: (first: Operand, second: Operand, low: number, high: number): Code => [
    ...push(first, 'v128'),
    ...push(second, 'v128'),
    ...simd(0x0d),
    ...[0, 1, 2, 3, 4, 5, 6, 7].map(byte => low * 8 + byte),
    ...[0, 1, 2, 3, 4, 5, 6, 7].map(byte => high * 8 + byte),
  ],
};

/** Four 32-bit integers. */
export const i32x4 = {
  shl: (value: Operand, bits: number): Code => [...push(value, 'v128'), ...push(bits, 'i32'), ...simd(0xab)],
  splat: (value: Operand): Code => [...push(value, 'i32'), ...simd(0x11)],
  /** Of two doubles; the upper two integers are 0. */
  truncate: vectorUnary(0xfc),
};

/** Two 64-bit integers. */
export const i64x2 = {
  add: vector(0xce),
  sub: vector(0xd1),
  splat: (value: Operand): Code => [...push(value, 'i64'), ...simd(0x12)],
  shl: (value: Operand, bits: number): Code => [...push(value, 'v128'), ...push(bits, 'i32'), ...simd(0xcb)],
  /** Of the lower two 32-bit integers. */
  extendLow: vectorUnary(0xc7),
  /** 1 when both are not 0. */
  allTrue: vectorUnary(0xc3),
};

/** Two doubles. */
export const f64x2 = {
  add: vector(0xf0),
  sub: vector(0xf1),
  mul: vector(0xf2),
  div: vector(0xf3),
  /** The lesser where neither is NaN: one machine instruction, other than `min`. */
  pmin: vector(0xf6),
  pmax: vector(0xf7),
  abs: vectorUnary(0xec),
  neg: vectorUnary(0xed),
  less: vector(0x49),
  greater: vector(0x4a),
  atLeast: vector(0x4c),
  /** To the nearest integer, halves to the even one. */
  round: vectorUnary(0x94),
  splat: (value: Operand): Code => [...push(value, 'f64'), ...simd(0x14)],
  lane: (value: Operand, lane: 0 | 1): Code => [...push(value, 'v128'), ...simd(0x21), lane],
  /** Of the lower two 32-bit integers. */
  convertLow: vectorUnary(0xfe),
  /** To two float32, in the lower half. */
  demote: vectorUnary(0x5e),
};

/** Operations on shared memory that all threads see in one order. Those that change give the value before. */
export const atomic = {
  load: (address: Operand): Code => [...push(address, 'i32'), ...[0xfe, 0x10, 2, 0]],
  store: (address: Operand, value: Operand): Code => [
    ...push(address, 'i32'),
    ...push(value, 'i32'),
    ...[0xfe, 0x17, 2, 0],
  ],
  add: (address: Operand, value: Operand): Code => [
    ...push(address, 'i32'),
    ...push(value, 'i32'),
    ...[0xfe, 0x1e, 2, 0],
  ],
  /** Sleeps while the word is as expected, until notified. */
  wait: (address: Operand, expected: Operand): Code => [
    ...push(address, 'i32'),
    ...push(expected, 'i32'),
    ...push(-1, 'i64'),
    ...[0xfe, 0x01, 2, 0, 0x1a],
  ],
  notifyAll: (address: Operand): Code => [
    ...push(address, 'i32'),
    ...push(0x7fffffff, 'i32'),
    ...[0xfe, 0x00, 2, 0, 0x1a],
  ],
};

/** Does one or the other. */
export function when(condition: Operand, then: readonly Code[], otherwise: readonly Code[] = []): Code {
  const last = otherwise.length > 0 ? [0x05, ...otherwise.flat()] : [];
  return [...push(condition, 'i32'), 0x04, 0x40, ...then.flat(), ...last, 0x0b];
}

/** Repeats while the condition, asked before each round, is not 0. */
export function repeatWhile(condition: Operand, body: readonly Code[]): Code {
  return when(condition, [[0x03, 0x40, ...body.flat(), ...push(condition, 'i32'), 0x0d, 0, 0x0b]]);
}

/** Counts an i32 variable from `start` up to before `end`; `end` is read each round. */
export function count(local: Local, start: Operand, end: Operand, body: readonly Code[], step = 1): Code {
  return [...set(local, start), ...repeatWhile(i32.less(local, end), [...body, increase(local, step)])];
}

/** Leaves the function. */
export function giveBack(value: Operand, type: 'i32'): Code {
  return [...push(value, type), 0x0f];
}

/** Calls a function that gives nothing, or one whose result is taken as an operand. */
export function call(
  callee: { readonly index: number; readonly parameters: readonly Local[] },
  ...values: Operand[]
): Code {
  return [...values.flatMap((value, i) => push(value, callee.parameters[i]!.type)), 0x10, ...unsigned(callee.index)];
}

function push(operand: Operand, type: Local['type']): Code {
  if (typeof operand === 'number') return constant(operand, type);
  return 'index' in operand ? [0x20, ...unsigned(operand.index)] : operand;
}

function constant(value: number, type: Local['type']): Code {
  if (type === 'i32') return [0x41, ...signed(value | 0)];
  if (type === 'i64') return [0x42, ...signed(value)];
  if (type === 'f64') return [0x44, ...float64(value)];
  return [...simd(0x0c), ...float64(value), ...float64(value)];
}

function binary(type: Local['type'], code: number) {
  return (left: Operand, right: Operand): Code => [...push(left, type), ...push(right, type), code];
}

function unary(type: Local['type'], code: number) {
  return (value: Operand): Code => [...push(value, type), code];
}

function vector(code: number) {
  return (left: Operand, right: Operand): Code => [...push(left, 'v128'), ...push(right, 'v128'), ...simd(code)];
}

function vectorUnary(code: number) {
  return (value: Operand): Code => [...push(value, 'v128'), ...simd(code)];
}

function simd(code: number): Code {
  return [0xfd, ...unsigned(code)];
}

// Alignment is a hint, and 1 always true.
function load(_type: Local['type'], code: number | Code) {
  const bytes = typeof code === 'number' ? [code] : code;
  return (address: Operand, offset = 0): Code => [...push(address, 'i32'), ...bytes, 0, ...unsigned(offset)];
}

function store(type: Local['type'], code: number | Code) {
  const bytes = typeof code === 'number' ? [code] : code;
  return (address: Operand, value: Operand, offset = 0): Code => [
    ...push(address, 'i32'),
    ...push(value, type),
    ...bytes,
    0,
    ...unsigned(offset),
  ];
}
