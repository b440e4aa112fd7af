import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Which of our folders each folder may import, types included. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  contracts: [],
  ml: ['ml'],
  'use-cases': ['use-cases', 'contracts', 'ml'],
  platform: ['platform', 'contracts'],
  lifecycle: ['lifecycle', 'ml', 'contracts', 'platform', 'use-cases'],
  lambdas: ['lambdas', 'lifecycle', 'contracts', 'platform', 'use-cases'],
  infra: ['infra', 'contracts', 'use-cases'],
  // `npm start` follows an execution and calls the endpoint as the command line does.
  local: ['local', 'contracts', 'lifecycle', 'use-cases', 'platform', 'cli'],
  cli: ['cli', 'contracts', 'lifecycle', 'use-cases', 'platform'],
};

/** Functions whose last bit differs between builds of V8 for x64 and arm64, or that no standard pins. */
const inexact =
  /\bMath\.(exp|expm1|log|log1p|log2|log10|pow|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|asinh|acosh|atanh|cbrt|hypot|random)\b|\*\*/;

interface Import {
  readonly from: string;
  readonly to: string;
  readonly typeOnly: boolean;
}

const sources = Object.keys(mayImport).flatMap(listSources);
const imports = sources.flatMap(readImports);
const ours = imports
  .filter(({ to }) => to.startsWith('./') && to.endsWith('.ts'))
  .map(({ to, ...rest }) => ({ ...rest, to: to.slice(2) }));

test('each folder imports only the folders it may', () => {
  const crossings = ours.filter(({ from, to }) => !mayImport[folderOf(from)]!.includes(folderOf(to)));
  expect(crossings.map(({ from, to }) => `${from} → ${to}`)).toEqual([]);
});

test('use cases import only types of ml', () => {
  const values = ours.filter(
    ({ from, to, typeOnly }) => folderOf(from) === 'use-cases' && folderOf(to) === 'ml' && !typeOnly,
  );
  expect(values).toEqual([]);
});

test('only platform imports the AWS SDK', () => {
  const importers = imports.filter(({ from, to }) => to.startsWith('@aws-sdk/') && folderOf(from) !== 'platform');
  expect(importers).toEqual([]);
});

test('only lifecycle/inference imports onnxruntime-web', () => {
  const importers = imports.filter(
    ({ from, to }) => to.startsWith('onnxruntime-web') && !from.startsWith('lifecycle/inference/'),
  );
  expect(importers).toEqual([]);
});

test('ml imports no package and nothing of Node', () => {
  const outside = imports.filter(({ from, to }) => folderOf(from) === 'ml' && !to.startsWith('./'));
  expect(outside).toEqual([]);
});

test('every imported package is named in package.json', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const known = new Set([
    ...Object.keys(dependencies),
    ...Object.keys(devDependencies),
    ...builtinModules.map(name => `node:${name}`),
    'aws-lambda',
  ]);
  const unknown = imports.filter(({ to }) => !to.startsWith('./') && !known.has(packageOf(to)));
  expect(unknown).toEqual([]);
});

test('dependencies have exact versions', () => {
  const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  );
  const ranges = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies }).filter(
    ([, version]) => !/^\d/.test(version as string),
  );
  expect(ranges).toEqual([]);
});

test('no file imports itself through others', () => {
  const edges = new Map<string, string[]>();
  for (const { from, to, typeOnly } of ours) if (!typeOnly) edges.set(from, [...(edges.get(from) ?? []), to]);
  const done = new Set<string>();
  const findCycle = (file: string, path: readonly string[]): readonly string[] | undefined => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return undefined;
    for (const next of edges.get(file) ?? []) {
      const cycle = findCycle(next, [...path, file]);
      if (cycle) return cycle;
    }
    done.add(file);
    return undefined;
  };
  expect(sources.map(file => findCycle(file, [])).find(Boolean)).toBeUndefined();
});

test('ml computes with exactly specified operations only', () => {
  const found = sources
    .filter(file => folderOf(file) === 'ml')
    .flatMap(file =>
      codeLines(file)
        .filter(({ text }) => inexact.test(text))
        .map(({ line, text }) => `${file}:${line} ${text.trim()}`),
    );
  expect(found).toEqual([]);
});

test('only the clock reads the time in ml, lifecycle and lambdas', () => {
  const found = sources
    .filter(file => ['ml', 'lifecycle', 'lambdas'].includes(folderOf(file)) && file !== 'lifecycle/clock.ts')
    .flatMap(file =>
      codeLines(file)
        .filter(({ text }) => /\bDate\.now\(|\bnew Date\(\)/.test(text))
        .map(({ line }) => `${file}:${line}`),
    );
  expect(found).toEqual([]);
});

function listSources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && entry.name.endsWith('.ts'))
    .map(entry => relative(root, join(entry.parentPath, entry.name)));
}

function readImports(from: string): Import[] {
  const text = readFileSync(join(root, from), 'utf8');
  return [
    ...text.matchAll(
      /^(?:import|export)\s+(type\s)?[^;'"]*?from\s+'([^']+)'|^import\s+'([^']+)'|import\('([^']+)'\)/gm,
    ),
  ].map(([, type, named, bare, dynamic]) => ({
    from,
    to: resolve(from, named ?? bare ?? dynamic!),
    typeOnly: type !== undefined,
  }));
}

function resolve(from: string, specifier: string): string {
  return specifier.startsWith('.') ? `./${normalize(join(dirname(from), specifier))}` : specifier;
}

function folderOf(file: string): string {
  return file.split('/')[0]!;
}

function packageOf(specifier: string): string {
  if (specifier.startsWith('node:')) return `node:${specifier.slice(5).split('/')[0]}`;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function codeLines(file: string): { line: number; text: string }[] {
  return readFileSync(join(root, file), 'utf8')
    .split('\n')
    .map((text, index) => ({ line: index + 1, text: text.replace(/\/\/.*$/, '') }))
    .filter(({ text }) => !/^\s*\/?\*/.test(text));
}
