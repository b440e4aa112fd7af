import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Times the whole loop, `npm start -- --once`, on state of its own.
 * `--clone` starts from a fresh clone without dependencies; `--data FILE` loads a real file.
 */
export default async function loop(options: string[]): Promise<object> {
  const { values } = parseArgs({ args: options, options: { clone: { type: 'boolean' }, data: { type: 'string' } } });
  const folder = await mkdtemp(join(tmpdir(), 'perennial-loop-'));
  try {
    const started = performance.now();
    const project = values.clone ? await clone(folder) : root;
    const data = values.data ? ['--data', values.data] : [];
    const ports = ['--port', '0', '--aws-port', '0'];
    const output = await run(
      'npm',
      ['start', '--silent', '--', '--once', '--state', join(folder, 'state'), ...ports, ...data],
      project,
    );
    const summary = JSON.parse(output.trimEnd().split('\n').at(-1)!);
    return { total_seconds: (performance.now() - started) / 1_000, ...summary };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function clone(folder: string): Promise<string> {
  const target = join(folder, 'perennial');
  await run('git', ['clone', '--quiet', root, target], folder);
  return target;
}

function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', chunk => {
    output += chunk;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code =>
      code === 0 ? resolve(output) : reject(new Error(`${command} ${args.join(' ')} ended with ${code}`)),
    );
  });
}
