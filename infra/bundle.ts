import { copyFileSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const wasm = join(root, 'node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm');

/** Folder with all bundles, once there is one. */
let bundles: string | undefined;

/**
 * Returns a Lambda entry as one ES module, `index.mjs`, with onnxruntime's WebAssembly beside it where it is used.
 * Equal sources give equal bytes, and so the same asset.
 *
 * @param entry path below `lambdas/`, without `.ts`
 */
export function bundle(entry: string): Code {
  bundles ??= buildAll();
  return Code.fromAsset(join(bundles, entry));
}

/** Bundles every entry in one go, as most of what they are made of is the same; the folder lasts as long as the process. */
function buildAll(): string {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-bundles-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const entries = globSync('lambdas/*/*.ts', { cwd: root }).sort();
  const { metafile } = buildSync({
    entryPoints: entries.map(entry => ({ in: entry, out: `${entry.slice('lambdas/'.length, -'.ts'.length)}/index` })),
    absWorkingDir: root,
    outdir: folder,
    outExtension: { '.js': '.mjs' },
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
  for (const [output, { inputs }] of Object.entries(metafile.outputs)) {
    if (Object.keys(inputs).some(input => input.includes('node_modules/onnxruntime-web/'))) {
      copyFileSync(wasm, join(root, dirname(output), basename(wasm)));
    }
  }
  return folder;
}
