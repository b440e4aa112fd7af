import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** What the cdk command adds to the context by itself. */
const fromCommandLine = { 'aws:cdk:enable-path-metadata': true, 'aws:cdk:enable-asset-metadata': true };

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: CloudFormation properties have no common type
  readonly Properties: any;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Metadata?: Readonly<Record<string, string>>;
}

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
}

/** Folder in which the suites of one run share what they synthesize. @default - each makes its own */
const shared = process.env.PERENNIAL_TEST_ASSEMBLIES;

/**
 * Synthesizes the app as `cdk synth` does, once a run of all tests.
 *
 * @param context what `-c` would set
 * @returns the folder, which nobody may change
 */
export function synthesize(context: Readonly<Record<string, string>> = {}): string {
  if (!shared) return synthesizeAnew(context);
  const kept = join(shared, hash('sha256', JSON.stringify(context), 'hex').slice(0, 16));
  const claim = `${kept}.claim`;
  while (!existsSync(kept)) {
    if (!claimed(claim)) {
      pause(50);
      continue;
    }
    try {
      if (!existsSync(kept)) renameSync(synthesizeAnew(context), kept);
    } finally {
      rmdirSync(claim);
    }
  }
  return kept;
}

/** Whether it is for this suite to make what others wait for. */
function claimed(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Blocks, as making it does. */
function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

function synthesizeAnew(context: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-assembly-'));
  const { context: defaults } = JSON.parse(readFileSync(join(root, 'cdk.json'), 'utf8'));
  execFileSync(process.execPath, ['infra/app.ts'], {
    cwd: root,
    stdio: 'pipe',
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      CDK_OUTDIR: folder,
      CDK_CONTEXT_JSON: JSON.stringify({ ...defaults, ...fromCommandLine, ...context }),
    },
  });
  return folder;
}

/** Reads a synthesized stack's template. */
export function readTemplate(assembly: string, stack: 'Perennial' | 'Perennial-Data'): Template {
  return JSON.parse(readFileSync(join(assembly, `${stack}.template.json`), 'utf8'));
}
