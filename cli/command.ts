import type { Command } from 'commander';
import { connectDeployment, type Deployment, type DeploymentOptions } from './deployment.ts';

/** Options that every command takes. */
export interface GlobalOptions extends DeploymentOptions {
  readonly json?: boolean;
}

/** What a command found, for machines and for people. */
export interface Answer {
  /** Printed by `--json`. */
  readonly data: unknown;
  readonly text: string;
  /** Exit code 1: what was asked for came to a bad end. */
  readonly failed?: boolean;
}

/**
 * Makes the action of a command: connects to the deployment, acts, and prints the answer on stdout.
 *
 * @param act gets the deployment, all options, and the command's arguments as they were read
 */
export function answering<Options extends object, Arguments extends readonly unknown[]>(
  act: (deployment: Deployment, options: Options & GlobalOptions, ...args: Arguments) => Promise<Answer>,
): (...args: unknown[]) => Promise<void> {
  return async (...args) => {
    const command = args.at(-1) as Command;
    const options = command.optsWithGlobals<Options & GlobalOptions>();
    const deployment = await connectDeployment(options);
    const { data, text, failed } = await act(deployment, options, ...(args.slice(0, -2) as unknown as Arguments));
    console.log(options.json ? JSON.stringify(data, null, 2) : text);
    if (failed) process.exitCode = 1;
  };
}

/**
 * Makes the action of a command that needs no deployment: acts, and prints what it found as one line of JSON on stdout.
 *
 * @param act gets the command's own options
 */
export function printing<Options extends object>(
  act: (options: Options) => Promise<object>,
): (...args: unknown[]) => Promise<void> {
  return async (...args) => {
    console.log(JSON.stringify(await act((args.at(-1) as Command).opts<Options>())));
  };
}

/** Help after a command's options: lines that can be pasted where this one was typed. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map(line => `  $ ${called} ${line}`).join('\n')}`;
}

const called = process.env.npm_lifecycle_event === 'cli' ? 'npm run -s cli --' : 'perennial';
