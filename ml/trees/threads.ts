import type { WasmMemory, WasmModule } from '../webassembly/engine.ts';

/**
 * Other threads to compute on. Results do not depend on them.
 *
 * Training stands still for no thread: one that comes late, or never, leaves its part to the others.
 */
export interface Threads {
  /** Threads that compute at once, the caller's own among them. */
  readonly count: number;
  /**
   * Has every other thread make an instance of the module with the memory as `env.memory`, and call its function `work`, which returns when all is done.
   * Does not wait.
   */
  start(module: WasmModule, memory: WasmMemory): void;
}
