import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A resource as it stands in a template, with its intrinsic functions. */
export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly Condition?: string;
  readonly Metadata?: Readonly<Record<string, unknown>>;
}

export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs?: Readonly<Record<string, TemplateOutput>>;
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
  readonly Mappings?: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
}

export interface TemplateOutput {
  readonly Value: unknown;
  readonly Description?: string;
  readonly Export?: { readonly Name: unknown };
  readonly Condition?: string;
}

export interface AssemblyStack {
  readonly name: string;
  readonly template: Template;
  /** Paths of the stack's file assets, by the key under which they would lie in the assets bucket. */
  readonly assets: ReadonlyMap<string, string>;
}

/** Thrown when a folder holds no cloud assembly. */
export class AssemblyNotFoundError extends Error {
  override readonly name = 'AssemblyNotFoundError';

  constructor(folder: string, options?: ErrorOptions) {
    super(`No cloud assembly in "${folder}": expected a manifest.json, as \`cdk synth\` writes it`, options);
  }
}

/**
 * Reads the stacks of a cloud assembly, each after those it depends on.
 *
 * @throws {AssemblyNotFoundError}
 */
export function readAssembly(folder: string): AssemblyStack[] {
  const artifacts = readManifest(folder);
  const stacks = new Map<string, AssemblyStack>();
  const add = (id: string) => {
    const artifact = artifacts[id];
    if (!artifact || stacks.has(id)) return;
    for (const dependency of artifact.dependencies ?? []) add(dependency);
    if (artifact.type === 'aws:cloudformation:stack') stacks.set(id, readStack(folder, id, artifact, artifacts));
  };
  for (const id of Object.keys(artifacts)) add(id);
  return [...stacks.values()];
}

interface Artifact {
  readonly type: string;
  readonly dependencies?: readonly string[];
  readonly properties?: { readonly templateFile?: string; readonly stackName?: string; readonly file?: string };
}

function readManifest(folder: string): Record<string, Artifact> {
  try {
    return readJson<{ artifacts: Record<string, Artifact> }>(join(folder, 'manifest.json')).artifacts;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new AssemblyNotFoundError(folder, { cause: error });
  }
}

function readStack(folder: string, id: string, artifact: Artifact, artifacts: Record<string, Artifact>): AssemblyStack {
  return {
    name: artifact.properties?.stackName ?? id,
    template: readJson(join(folder, artifact.properties!.templateFile!)),
    assets: new Map(
      (artifact.dependencies ?? [])
        .filter(dependency => artifacts[dependency]?.type === 'cdk:asset-manifest')
        .flatMap(dependency => readAssets(folder, artifacts[dependency]!.properties!.file!)),
    ),
  };
}

interface AssetManifest {
  readonly files?: Readonly<
    Record<
      string,
      {
        readonly source: { readonly path: string };
        readonly destinations: Readonly<Record<string, { readonly objectKey: string }>>;
      }
    >
  >;
}

function readAssets(folder: string, file: string): [string, string][] {
  const { files = {} } = readJson<AssetManifest>(join(folder, file));
  return Object.values(files).flatMap(({ source, destinations }) =>
    Object.values(destinations).map(({ objectKey }): [string, string] => [objectKey, join(folder, source.path)]),
  );
}

function readJson<T>(file: string): T {
  return JSON.parse(readFileSync(file, 'utf8'));
}
