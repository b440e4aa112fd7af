import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import * as ort from 'onnxruntime-web/wasm';

const wasmFile = 'ort-wasm-simd-threaded.wasm';

let queue: Promise<unknown> = Promise.resolve();

/**
 * Does one thing with the ONNX runtime after all earlier ones are done.
 * The runtime keeps a call's arguments on its WebAssembly stack across promises, so two calls at once, even of two sessions, would overwrite each other's.
 */
export function withRuntime<T>(act: (runtime: typeof ort) => Promise<T>): Promise<T> {
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmBinary ??= readWasm();
  const result = queue.then(() => act(ort));
  queue = result.catch(() => undefined);
  return result;
}

/** Reads the runtime's WebAssembly: beside the bundle where there is one, else from the installed package. */
function readWasm(): Uint8Array<ArrayBuffer> {
  const beside = fileURLToPath(new URL(`./${wasmFile}`, import.meta.url));
  if (existsSync(beside)) return readFileSync(beside);
  return readFileSync(createRequire(import.meta.url).resolve(`onnxruntime-web/${wasmFile}`));
}
