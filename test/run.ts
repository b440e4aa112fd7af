// `npm test`: lint, types, then every test; the last line counts them all. Arguments go to jest.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const counts = [
  check('lint', 'biome', ['check', '--error-on-warnings', '.']),
  check('types', 'tsc', ['--noEmit']),
  runTests(),
];
const total = (key: keyof Counts) => counts.reduce((sum, count) => sum + count[key], 0);
const skipped = total('skipped') > 0 ? `, ${total('skipped')} skipped` : '';
console.log(`${total('passed')} passed, ${total('failed')} failed${skipped}`);
process.exitCode = total('failed') > 0 ? 1 : 0;

function check(name: string, command: string, args: readonly string[]): Counts {
  console.log(`== ${name}`);
  const ok = run(command, args) === 0;
  return { passed: Number(ok), failed: Number(!ok), skipped: 0 };
}

function runTests(): Counts {
  console.log('== tests');
  const folder = mkdtempSync(join(tmpdir(), 'perennial-test-'));
  const report = join(folder, 'jest.json');
  const temporary = join(folder, 'tmp');
  const assemblies = join(folder, 'assemblies');
  for (const folder of [temporary, assemblies]) mkdirSync(folder);
  // A suite whose set-up fails half-way may leave a server behind; what failed must be told all the same.
  const status = run('jest', ['--forceExit', '--json', `--outputFile=${report}`, ...process.argv.slice(2)], {
    NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning',
    // What tests leave in the folder for temporary files goes with it.
    TMPDIR: temporary,
    // Many processes run the same code.
    NODE_COMPILE_CACHE: join(temporary, 'node-compile-cache'),
    PERENNIAL_TEST_ASSEMBLIES: assemblies,
  });
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites } = JSON.parse(
      readFileSync(report, 'utf8'),
    );
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    // Jest may fail without a failed test, for instance when none matched.
    return { passed: numPassedTests, failed: failed || Number(status !== 0), skipped: numPendingTests };
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

function run(command: string, args: readonly string[], variables: Record<string, string> = {}): number | null {
  // The report that --json writes to standard output is in the file as well.
  const stdio = command === 'jest' ? (['ignore', 'ignore', 'inherit'] as const) : 'inherit';
  const PATH = [join(root, 'node_modules/.bin'), dirname(process.execPath), process.env.PATH].join(delimiter);
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: stdio as 'inherit',
    env: { ...process.env, PATH, ...variables },
  });
  if (error) console.error(`${command}: ${error.message}`);
  return status;
}
