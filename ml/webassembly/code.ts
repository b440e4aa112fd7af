/** Instructions as bytes. */
export type Code = readonly number[];

/** Types of locals, parameters and results. */
export type ValueType = 'i32' | 'i64' | 'f32' | 'f64' | 'v128';

/** A function's parameter or variable. */
export interface Local {
  readonly index: number;
  readonly type: ValueType;
}

/** So many variables of a type. */
export function locals(variable: (type: ValueType) => Local, type: ValueType, length: number): Local[] {
  return Array.from({ length }, () => variable(type));
}

/** What an instruction takes: code that leaves one value, a local's value, or a constant. */
export type Operand = Code | Local | number;

/** Byte that stands for each type. */
export const typeBytes: Readonly<Record<ValueType, number>> = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

/** Seven bits a byte, the lowest first; a set high bit says that more follow. @param value in [0, 2³²) */
export function unsigned(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest & 127) | 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest];
}

/** As `unsigned`, in two's complement. @param value a safe integer */
export function signed(value: number): Code {
  const bytes: number[] = [];
  let rest = value;
  while (rest < -64 || rest > 63) {
    bytes.push((((rest % 128) + 128) % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  return [...bytes, rest & 127];
}

/** Little-endian, as the format has it. */
export function float64(value: number): Code {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value, true);
  return [...new Uint8Array(view.buffer)];
}
