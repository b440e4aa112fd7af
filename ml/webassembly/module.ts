import { type Code, type Local, typeBytes, unsigned, type ValueType } from './code.ts';

/** A function of a module under construction. */
export interface WasmFunction {
  readonly index: number;
  readonly parameters: readonly Local[];
}

/** Writes one function after another; each may call those before it. */
export interface ModuleBuilder {
  /**
   * Adds a function that gives nothing, and exports it by its name.
   *
   * @param body gets the parameters, and a maker of variables, which start at 0
   */
  define<P extends Readonly<Record<string, ValueType>>>(
    name: string,
    parameters: P,
    body: (parameters: { readonly [name in keyof P]: Local }, variable: (type: ValueType) => Local) => readonly Code[],
  ): WasmFunction;
  /** As `define`, for a function that gives a 32-bit integer, the value that its body leaves. */
  compute<P extends Readonly<Record<string, ValueType>>>(
    name: string,
    parameters: P,
    body: (parameters: { readonly [name in keyof P]: Local }, variable: (type: ValueType) => Local) => readonly Code[],
  ): WasmFunction;
  /** The module in WebAssembly's binary format, which imports its shared memory as `env.memory`. */
  write(): Uint8Array;
}

/** Starts a module. */
export function buildModule(): ModuleBuilder {
  const functions: { name: string; signature: Code; code: Code }[] = [];
  const add =
    (results: Code): ModuleBuilder['define'] =>
    (name, parameters, body) => {
      const locals: Local[] = [];
      const variable = (type: ValueType): Local => {
        const local = { index: locals.length, type };
        locals.push(local);
        return local;
      };
      const named = Object.fromEntries(Object.entries(parameters).map(([key, type]) => [key, variable(type)]));
      const ownParameters = [...locals];
      const code = body(named as { readonly [key in keyof typeof parameters]: Local }, variable).flat();
      const variables = locals.slice(ownParameters.length).map(({ type }) => [1, typeBytes[type]]);
      functions.push({
        name,
        signature: [0x60, ...list(ownParameters.map(({ type }) => [typeBytes[type]])), ...list(results.map(r => [r]))],
        code: sized([...list(variables), ...code, 0x0b]),
      });
      return { index: functions.length - 1, parameters: ownParameters };
    };
  return {
    define: add([]),
    compute: add([typeBytes.i32]),
    write: () =>
      Uint8Array.from([
        ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
        ...section(
          1,
          functions.map(({ signature }) => signature),
        ),
        ...section(2, [[...text('env'), ...text('memory'), 0x02, 0x03, 0, ...unsigned(maximumPages)]]),
        ...section(
          3,
          functions.map((_, index) => unsigned(index)),
        ),
        ...section(
          7,
          functions.map(({ name }, index) => [...text(name), 0, ...unsigned(index)]),
        ),
        ...section(
          10,
          functions.map(({ code }) => code),
        ),
      ]),
  };
}

/** 4 GiB: any memory will do. */
const maximumPages = 65536;

function section(id: number, entries: readonly Code[]): Code {
  return [id, ...sized(list(entries))];
}

function list(entries: readonly Code[]): Code {
  return [...unsigned(entries.length), ...entries.flat()];
}

function sized(bytes: Code): Code {
  return [...unsigned(bytes.length), ...bytes];
}

function text(value: string): Code {
  return list([...new TextEncoder().encode(value)].map(byte => [byte]));
}
