import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import type { FaultRule } from '../../local/faults.ts';
import type { Summary } from '../../local/start/summary.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** How `npm start -- --once` ended. */
export interface End {
  /** Null when it was killed. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The last line, where it succeeded. */
  readonly summary: Summary | undefined;
}

/** Perennial as its user runs it, on a state folder of its own and an assembly that is there already. */
export class Perennial {
  readonly state = mkdtempSync(join(tmpdir(), 'perennial-journey-'));
  readonly #assembly: string;
  readonly #variables: Readonly<Record<string, string>>;
  readonly #running = new Set<ChildProcess>();

  /** @param speed how many times as fast its clock runs, above 1; it then begins at noon, when no schedule is near. @default - the real time */
  constructor(assembly: string, { speed }: { readonly speed?: number } = {}) {
    this.#assembly = assembly;
    this.#variables = speed === undefined ? {} : clockFromNoon(speed);
  }

  /** Runs the loop once, to its end. */
  async once(args: readonly string[] = [], faults: readonly FaultRule[] = []): Promise<End> {
    const child = this.#spawn(['local/start/start.ts', ...this.#options(), '--once', ...args], faults);
    return finish(child);
  }

  /** Runs the loop and goes on serving, until `stop` or `kill`. */
  async serve(args: readonly string[] = [], faults: readonly FaultRule[] = []): Promise<Serving> {
    const child = this.#spawn(['local/start/start.ts', ...this.#options(), ...args], faults);
    const ended = finish(child);
    const stdout = child.stdout!;
    let said = '';
    for await (const text of stdout.iterator({ destroyOnReturn: false }) as AsyncIterable<string>) {
      said += text;
      const [, url] = /Endpoint\s+(http\S+)/.exec(said) ?? [];
      const [, key] = /Access key\s+(\S+)/.exec(said) ?? [];
      if (url && key && said.includes('Ctrl-C')) return { url, key, child, ended, welcome: said };
    }
    throw new Error(`Perennial ended before it served: ${(await ended).stderr}`);
  }

  /** Runs a command of the command line against it. */
  async cli(args: readonly string[]): Promise<End> {
    return finish(this.#spawn(['cli/perennial.ts', ...args, '--state', this.state], []));
  }

  /** What an SDK client needs to call the services of the one that runs. */
  clientSettings(): ClientSettings {
    const { AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = parseEnv(
      readFileSync(join(this.state, 'credentials.env'), 'utf8'),
    ) as Record<string, string>;
    return {
      endpoint: AWS_ENDPOINT_URL!,
      region: AWS_REGION!,
      credentials: { accessKeyId: AWS_ACCESS_KEY_ID!, secretAccessKey: AWS_SECRET_ACCESS_KEY! },
    };
  }

  /** How many threads were ended while they were at work, as the logs of the functions say. */
  endedThreads(): number {
    const logs = join(this.state, 'logs');
    const texts = readdirSync(logs).map(name => readFileSync(join(logs, name), 'utf8'));
    return texts.reduce((ends, text) => ends + text.split('signal: killed').length - 1, 0);
  }

  /** Ends what runs and removes the state. */
  async dispose(): Promise<void> {
    for (const child of this.#running) {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    rmSync(this.state, { recursive: true, force: true });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.dispose();
  }

  #options(): string[] {
    return ['--state', this.state, '--assembly', this.#assembly, '--port', '0', '--aws-port', '0'];
  }

  #spawn(args: readonly string[], faults: readonly FaultRule[]): ChildProcess {
    const variables = faults.length > 0 ? { PERENNIAL_FAULTS: JSON.stringify(faults) } : {};
    const env = { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1', ...this.#variables, ...variables };
    const child = spawn(process.execPath, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.setEncoding('utf8');
    child.stderr.setEncoding('utf8');
    this.#running.add(child);
    child.once('close', () => this.#running.delete(child));
    return child;
  }
}

export interface ClientSettings {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

export interface Serving {
  readonly url: string;
  readonly key: string;
  readonly child: ChildProcess;
  readonly ended: Promise<End>;
  readonly welcome: string;
}

/** The clock shows `origin + (now − origin) · speed`. */
function clockFromNoon(speed: number): Record<string, string> {
  const now = Date.now();
  const noon = new Date(now).setUTCHours(36, 0, 0, 0);
  return { CLOCK_SPEED: String(speed), CLOCK_ORIGIN: String(Math.round((speed * now - noon) / (speed - 1))) };
}

async function finish(child: ChildProcess): Promise<End> {
  let stdout = '';
  let stderr = '';
  child.stdout!.on('data', text => {
    stdout += text;
  });
  child.stderr!.on('data', text => {
    stderr += text;
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  const lastLine = stdout.trimEnd().split('\n').at(-1)!;
  const summary = code === 0 && lastLine.startsWith('{') ? JSON.parse(lastLine) : undefined;
  return { code, signal, stdout, stderr, summary };
}
