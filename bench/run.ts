// `npm run bench -- <name> [options]`: runs bench/<name>.ts and prints its figures as one JSON line on standard output.
import { readdirSync } from 'node:fs';
import { cpus } from 'node:os';

const names = readdirSync(new URL('.', import.meta.url))
  .filter(file => file.endsWith('.ts') && file !== 'run.ts')
  .map(file => file.slice(0, -'.ts'.length));
const [name, ...options] = process.argv.slice(2);

if (!name || !names.includes(name)) {
  console.error(`Usage: npm run bench -- <name> [options]\n\nBenchmarks: ${names.join(', ')}`);
  process.exitCode = 2;
} else {
  const { default: bench } = (await import(`./${name}.ts`)) as { default: (options: string[]) => Promise<object> };
  const figures = await bench(options);
  console.log(JSON.stringify({ bench: name, node: process.version, cores: cpus().length, ...figures }));
}
