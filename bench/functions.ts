import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { deflateRawSync } from 'node:zlib';

interface TemplateResource {
  readonly Type: string;
  readonly Metadata?: Readonly<Record<string, string>>;
}

/**
 * Reads what each function weighs zipped, and from the logs of a state folder that `npm start` has served: the milliseconds of its first start (module and
 * first call together) and the most memory it ever took.
 */
export default async function functions(options: string[]): Promise<object> {
  const { values } = parseArgs({ args: options, options: { state: { type: 'string', default: '.perennial' } } });
  const assembly = join(values.state, 'cdk.out');
  const figures = readBundles(assembly).map(([name, folder]) => [
    name,
    { zipped_mb: round(zippedBytes(folder) / 1e6), ...readReports(join(values.state, 'logs', `${name}.log`)) },
  ]);
  return { functions: Object.fromEntries(figures) };
}

/** Name and bundle folder of each function in the assembly's templates. */
function readBundles(assembly: string): [name: string, folder: string][] {
  const templates = readdirSync(assembly).filter(file => file.endsWith('.template.json'));
  const resources = templates.flatMap(file => {
    const { Resources } = JSON.parse(readFileSync(join(assembly, file), 'utf8'));
    return Object.values<TemplateResource>(Resources);
  });
  return resources
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Metadata }) => [
      Metadata!['aws:cdk:path']!.split('/').at(-2)!,
      join(assembly, Metadata!['aws:asset:path']!),
    ]);
}

/** Size as a zip file would have it, but for the few bytes of its directory. */
function zippedBytes(folder: string): number {
  return readdirSync(folder).reduce((sum, file) => sum + deflateRawSync(readFileSync(join(folder, file))).length, 0);
}

function readReports(log: string): object {
  if (!existsSync(log)) return {};
  const reports = readFileSync(log, 'utf8')
    .split('\n')
    .filter(line => line.startsWith('REPORT '));
  const first = reports.find(line => line.includes('Init Duration'));
  // A call that failed at once may have none.
  const memory = reports.map(line => read(line, /Max Memory Used: ([\d.]+)/)).filter(Number.isFinite);
  if (!first) return {};
  return {
    first_start_ms: round(read(first, /\tDuration: ([\d.]+)/) + read(first, /Init Duration: ([\d.]+)/)),
    peak_memory_mb: Math.max(...memory),
    calls: reports.length,
  };
}

function read(line: string, figure: RegExp): number {
  return Number(figure.exec(line)?.[1] ?? Number.NaN);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
