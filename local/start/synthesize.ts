import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Thrown when the CDK app does not synthesize; the message is what the CDK said. */
export class SynthesisError extends Error {
  override readonly name = 'SynthesisError';
}

/**
 * Runs `cdk synth` as for a deployment.
 *
 * @param output folder for the cloud assembly; what it held before is deleted
 * @param demo whether synthetic batches may be made
 * @returns `output`
 * @throws {SynthesisError}
 */
export async function synthesize(output: string, { demo }: { demo: boolean }): Promise<string> {
  await rm(output, { recursive: true, force: true });
  const PATH = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  const args = ['synth', '--quiet', '--no-notices', '--output', output, '--context', `demo=${demo}`];
  // What runs on one machine calls nobody.
  const env = { ...process.env, PATH, CDK_DISABLE_CLI_TELEMETRY: 'true' };
  const child = spawn('cdk', args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', text => {
      said += text;
    });
  }
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', code =>
      code === 0 ? resolve() : reject(new SynthesisError(`cdk synth ended with ${code}:\n${said.trim()}`)),
    );
  });
  return output;
}
