import { jest } from '@jest/globals';
import { createProgram } from '../../cli/program.ts';

/** What the command printed, and how it ended. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** Runs the command in this process. */
export async function runCommand(args: readonly string[]): Promise<Outcome> {
  const printed = { stdout: '', stderr: '' };
  const spies = [
    jest.spyOn(console, 'log').mockImplementation(text => {
      printed.stdout += `${text}\n`;
    }),
    jest.spyOn(console, 'error').mockImplementation(text => {
      printed.stderr += `${text}\n`;
    }),
    jest.spyOn(process.stderr, 'write').mockImplementation(text => {
      printed.stderr += text;
      return true;
    }),
  ];
  try {
    await createProgram().parseAsync(args, { from: 'user' });
    return { ...printed, exitCode: Number(process.exitCode ?? 0) };
  } catch (error) {
    return { ...printed, stderr: `${printed.stderr}${(error as Error).message}`, exitCode: 1 };
  } finally {
    process.exitCode = 0;
    for (const spy of spies) spy.mockRestore();
  }
}
