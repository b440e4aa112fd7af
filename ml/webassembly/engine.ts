/** A compiled module; threads may pass it on. */
export type WasmModule = { readonly kind?: 'module' };

/** Memory that several instances, on several threads, work on. */
export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
}

/** The part of the engine's interface that is used here; ECMAScript's own types have none of it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => WasmModule;
  readonly Instance: new (
    module: WasmModule,
    imports: { readonly env: { readonly memory: WasmMemory } },
  ) => { readonly exports: Readonly<Record<string, (...values: number[]) => number>> };
  readonly Memory: new (options: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: true;
  }) => WasmMemory;
};

/** Compiles a module. */
export function compile(bytes: Uint8Array): WasmModule {
  return new WebAssembly.Module(bytes);
}

/** Makes a module's functions work on a memory. */
export function instantiate(
  module: WasmModule,
  memory: WasmMemory,
): Readonly<Record<string, (...values: number[]) => number>> {
  return new WebAssembly.Instance(module, { env: { memory } }).exports;
}

/** Shared memory, all zero. */
export function allocate(bytes: number): WasmMemory {
  const pages = Math.ceil(bytes / pageBytes);
  return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
}

const pageBytes = 65536;
