import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const wasm = join(root, 'node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm');

/**
 * Bundles a Lambda entry into one ES module, with onnxruntime's WebAssembly beside it where it is used.
 *
 * @param entry path below `lambdas/`, without `.ts`
 * @returns folder that holds `index.mjs`; equal sources give equal bytes
 */
export function bundle(entry: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-bundle-'));
  const { metafile } = buildSync({
    entryPoints: [join(root, 'lambdas', `${entry}.ts`)],
    absWorkingDir: root,
    outfile: join(folder, 'index.mjs'),
    bundle: true,
    minify: true,
    metafile: true,
    legalComments: 'none',
    logLevel: 'warning',
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    // Dependencies that are CommonJS still call require for Node's own modules.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  });
  if (Object.keys(metafile.inputs).some(input => input.includes('node_modules/onnxruntime-web/'))) {
    copyFileSync(wasm, join(folder, basename(wasm)));
  }
  return folder;
}
