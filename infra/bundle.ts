import { copyFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { buildSync } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const wasm = join(root, 'node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm');

/**
 * Bundles a Lambda entry into one ES module, `index.mjs`, with onnxruntime's WebAssembly beside it where it is used.
 * Equal sources give equal bytes, and so the same asset.
 *
 * @param entry path below `lambdas/`, without `.ts`
 */
export function bundle(entry: string): Code {
  return Code.fromAsset(join(root, 'lambdas'), {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Never pulled: what `local` makes is always taken.
      image: DockerImage.fromRegistry('none'),
      // Part of the key under which CDK remembers what it bundled from this folder.
      command: [entry],
      local: {
        tryBundle(folder) {
          build(entry, folder);
          return true;
        },
      },
    },
  });
}

function build(entry: string, folder: string): void {
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
}
