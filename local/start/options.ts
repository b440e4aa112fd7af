import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface StartOptions {
  /** Id of one of the deployed use cases, or `all`. */
  readonly useCase: string;
  /** File to load instead of synthetic observations. */
  readonly data: string | undefined;
  readonly fresh: boolean;
  /** Tell a life in minutes instead of serving. */
  readonly demo: boolean;
  readonly once: boolean;
  /** Ports of the HTTP API and of the AWS services; 0 = any free one. */
  readonly apiPort: number;
  readonly awsPort: number;
  readonly stateFolder: string;
  /** Cloud assembly to run instead of synthesizing one. */
  readonly assembly: string | undefined;
}

const defaultUseCase = 'bank-marketing';

/** Stands for all deployed use cases. */
export const everyUseCase = 'all';

/** Thrown when the command line cannot be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = `Usage: npm start -- [options]

Runs Perennial on this machine: the embedded cloud, the tables, the loop and a live endpoint.

  --data FILE       load a real file (CSV, NDJSON, Parquet) instead of synthetic observations
  --use-case ID     what to load and train (default bank-marketing); all = every one, after the other
  --once            run the loop, make one prediction, print a JSON summary as the last line (with all: a line each), and end
  --demo            a life in minutes, told as it happens: drift, alarm, retrain, canary, a bad candidate, rollback
                    (state in .perennial-demo, forgotten at each start)
  --fresh           forget everything that the state folder holds, then start
  --port N          port of the HTTP API (default 3000; 0 = any free one)
  --aws-port N      port of the AWS services (default 4566; 0 = any free one)
  --state FOLDER    where state lives (default .perennial)
  --assembly FOLDER run this cloud assembly as it is instead of synthesizing one
  --help            print this

Examples:
  npm start
  npm start -- --fresh --data ../bank-full.csv
  npm start -- --use-case telco-churn
  npm start -- --demo
  npm start -- --once --port 0 --aws-port 0`;

/**
 * Reads the command line.
 *
 * @returns the options, or undefined when help was asked for
 * @throws {UsageError}
 */
export function readStartOptions(args: readonly string[]): StartOptions | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  if (values.data !== undefined) requireFile('--data', values.data);
  if (values.demo && (values.data !== undefined || values['use-case'] !== defaultUseCase))
    throw new UsageError('--demo: it tells of bank-marketing and synthetic clients; leave out --data and --use-case');
  if (values.data !== undefined && values['use-case'] === everyUseCase)
    throw new UsageError('--data: a file has the rows of one use case; name it with --use-case');
  return {
    useCase: values['use-case'],
    data: values.data,
    fresh: values.fresh || values.demo,
    demo: values.demo,
    once: values.once,
    apiPort: readPort('--port', values.port),
    awsPort: readPort('--aws-port', values['aws-port']),
    stateFolder: resolve(values.state ?? (values.demo ? '.perennial-demo' : '.perennial')),
    assembly: values.assembly,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        data: { type: 'string' },
        'use-case': { type: 'string', default: defaultUseCase },
        once: { type: 'boolean', default: false },
        fresh: { type: 'boolean', default: false },
        demo: { type: 'boolean', default: false },
        port: { type: 'string', default: '3000' },
        'aws-port': { type: 'string', default: '4566' },
        state: { type: 'string' },
        assembly: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function requireFile(option: string, path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new UsageError(`${option}: no file "${path}"`);
  if (!found.isFile()) throw new UsageError(`${option}: "${path}" is no file`);
}

function readPort(option: string, value: string): number {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new UsageError(`${option} is "${value}", expected 0 to 65535`);
  return port;
}
