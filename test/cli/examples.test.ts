import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { createProgram } from '../../cli/program.ts';
import { readStartOptions } from '../../local/start/options.ts';

const root = join(import.meta.dirname, '../..');

/** Commands that do something, each by its words. */
function leaves(command: Command, words: readonly string[] = []): [words: string, leaf: Command][] {
  if (command.commands.length === 0) return [[words.join(' '), command]];
  return command.commands.flatMap(inner => leaves(inner, [...words, inner.name()]));
}

/** Reads a command line as the program does, and does nothing. */
async function parse(args: readonly string[]): Promise<void> {
  const program = createProgram();
  for (const [, leaf] of leaves(program)) {
    leaf.action(() => {});
    leaf.exitOverride().configureOutput({ writeErr: () => {} });
  }
  await program
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
    .parseAsync(args, { from: 'user' });
}

/** Words of a shell's command, up to a comment, a pipe or the end of a substitution. */
function split(line: string): string[] {
  const words: string[] = [];
  for (const [, single, double, bare] of line.matchAll(/'([^']*)'|"([^"]*)"|([^\s'"]+)/g)) {
    if (bare && /^[#|>)]/.test(bare)) break;
    words.push(single ?? double ?? bare!);
  }
  return words;
}

function helpOf(leaf: Command): string {
  let help = '';
  leaf.configureOutput({ writeOut: text => (help += text) }).outputHelp();
  return help;
}

test.each(leaves(createProgram()))('perennial %s shows examples that it understands', async (words, leaf) => {
  const examples = [...helpOf(leaf).matchAll(/^ {2}\$ perennial (.+)$/gm)].map(([, line]) => line!);

  expect(examples).not.toEqual([]);
  for (const example of examples) {
    expect(example.startsWith(words) || words === 'versions list').toBe(true);
    await parse(split(example));
  }
});

const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter(file => file.endsWith('.md'))
    .map(file => `docs/${file}`),
];
const lines = pages.flatMap(page => {
  const text = readFileSync(join(root, page), 'utf8').replaceAll('\\\n', ' ');
  return text.split('\n').map((line): [page: string, line: string] => [page, line]);
});
const after = (marker: string) =>
  lines
    .filter(([, line]) => line.includes(marker))
    .map(([page, line]): [string, string] => [page, line.split(marker)[1]!]);

test.each(after('npm run -s cli -- '))('%s: the command understands %s', async (_, line) => {
  await expect(parse(split(line.replaceAll('`', ' | ')))).resolves.toBeUndefined();
});

test.each(after('npm start -- '))('%s: npm start understands %s', (_, line) => {
  // Files are the reader's own.
  const args = split(line.replaceAll('`', ' | ')).map((word, index, words) =>
    words[index - 1] === '--data' ? import.meta.filename : word,
  );
  if (!args.includes('--help')) expect(readStartOptions(args)).toBeDefined();
});
