import { allocate, compile, instantiate, type WasmModule } from '../webassembly/engine.ts';
import { words } from './kernels/memory-map.ts';
import type { Threads } from './threads.ts';

/** Memory that kernels share, as numbers of each kind. */
export interface SharedMemory<Name extends string> {
  readonly bytes: Uint8Array;
  readonly shorts: Uint16Array;
  readonly integers: Int32Array;
  readonly floats: Float32Array;
  readonly doubles: Float64Array;
  readonly longs: BigInt64Array;
  /** Addresses of the arrays. */
  readonly at: Readonly<Record<Name, number>>;
  /** Runs all parts of a command, by its number, and returns when they are done. */
  lead(command: number, parts: number): void;
  /** Lets the other threads go. */
  close(): void;
}

/**
 * Allocates arrays one after another behind the words, tells their addresses to the kernels that have a word for it, and calls the other threads.
 *
 * @param sizes bytes of each array
 */
export function openSharedMemory<Name extends string>(
  sizes: Readonly<Record<Name, number>>,
  module: WasmModule,
  threads: Threads | undefined,
): SharedMemory<Name> {
  const { at, total } = place(sizes);
  const memory = allocate(total);
  const { lead } = instantiate(module, memory);
  const integers = new Int32Array(memory.buffer);
  for (const [name, address] of Object.entries(at)) {
    if (name in words) integers[words[name as keyof typeof words] / 4] = address as number;
  }
  if (threads && threads.count > 1) threads.start(module, memory);
  return {
    bytes: new Uint8Array(memory.buffer),
    shorts: new Uint16Array(memory.buffer),
    integers,
    floats: new Float32Array(memory.buffer),
    doubles: new Float64Array(memory.buffer),
    longs: new BigInt64Array(memory.buffer),
    at,
    lead: (command, parts) => {
      lead!(command, parts);
    },
    close: () => {
      Atomics.store(integers, words.stop / 4, 1);
      Atomics.add(integers, words.signal / 4, 1);
      Atomics.notify(integers, words.signal / 4);
    },
  };
}

/** Compiles kernels, those of one shape once: folds of the same data mostly share one. @param key names the shape */
export function compileOnce(key: string, build: () => Uint8Array): WasmModule {
  const known = compiled.get(key);
  if (known) return known;
  if (compiled.size >= 16) compiled.delete(compiled.keys().next().value!);
  const module = compile(build());
  compiled.set(key, module);
  return module;
}

const compiled = new Map<string, WasmModule>();

/** Each array begins on a cache line of its own. */
function place<Name extends string>(
  sizes: Readonly<Record<Name, number>>,
): { at: Record<Name, number>; total: number } {
  const at = {} as Record<Name, number>;
  let total = Math.ceil(words.end / 64) * 64;
  for (const name of Object.keys(sizes) as Name[]) {
    at[name] = total;
    total += Math.ceil(sizes[name] / 64) * 64;
  }
  return { at, total };
}
