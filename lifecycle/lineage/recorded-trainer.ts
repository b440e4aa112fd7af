import { type ChildProcess, fork } from 'node:child_process';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrainerCode } from '../training/trainer-code.ts';
import type { Recipe } from './fit-again.ts';

/** Thrown when a recorded trainer did not come to a model. */
export class RecordedTrainerError extends Error {
  override readonly name = 'RecordedTrainerError';

  constructor(sha256: string, reason: string) {
    super(`The recorded trainer ${sha256} made no model: ${reason}`);
  }
}

/**
 * Lets a trainer's program, as it was kept when the run was made, make the model once more. It runs in a process that has no variables of ours, hence no
 * credentials, and may read nothing but itself and write nothing: it has the recipe, and answers with bytes.
 *
 * @param useCase id; the program brings the definition of its time
 * @returns the model's ONNX file
 * @throws {RecordedTrainerError}
 */
export async function runRecordedTrainer(code: TrainerCode, useCase: string, recipe: Recipe): Promise<Uint8Array> {
  // The permission to read is for the path that links lead to.
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'perennial-trainer-')));
  try {
    await writeFile(join(folder, 'trainer.mjs'), code.bytes);
    await writeFile(join(folder, 'main.mjs'), main);
    const answer = await ask(startProcess(folder), { useCase, recipe });
    if (answer.onnx) return answer.onnx;
    throw new RecordedTrainerError(code.sha256, answer.error);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Answer = { readonly onnx: Uint8Array } | { readonly onnx?: undefined; readonly error: string };

/** What the process runs: it takes one message and answers it. */
const main = `
process.once('message', async ({ useCase, recipe }) => {
  const answer = await makeModel(useCase, recipe).then(onnx => ({ onnx }), error => ({ error: String(error) }));
  process.send(answer, () => process.disconnect());
});

async function makeModel(useCase, recipe) {
  const { fitAgain } = await import('./trainer.mjs');
  if (!fitAgain) throw new Error('it is of a time in which trainers could not yet be asked for a model again');
  return fitAgain(useCase, recipe);
}
`;

function startProcess(folder: string): ChildProcess {
  return fork(join(folder, 'main.mjs'), {
    env: {},
    // Threads have the permissions of the process.
    execArgv: ['--permission', `--allow-fs-read=${folder}`, '--allow-worker', '--disable-warning=SecurityWarning'],
    serialization: 'advanced',
    // What the program logs is no answer of the command that asked for the model.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

async function ask(child: ChildProcess, message: object): Promise<Answer> {
  const { promise, resolve } = Promise.withResolvers<Answer>();
  child.once('message', answer => resolve(answer as Answer));
  child.once('error', error => resolve({ error: String(error) }));
  child.once('exit', (code, signal) => resolve({ error: `its process ended with ${code ?? signal}` }));
  child.send(message, error => error && resolve({ error: String(error) }));
  return promise.finally(() => child.kill());
}
