import { createHash } from 'node:crypto';
import { localAccount, localRegion } from '../service.ts';
import type { AssemblyStack, TemplateResource } from './assembly.ts';
import { holds, resolve, type Scope, TemplateError } from './intrinsics.ts';
import { type Identity, isCustom, resourceTypes } from './resource-types.ts';

/** A resource whose properties are plain values. */
export interface Resource {
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  /** Path in the construct tree, or the logical id where the template does not tell. */
  readonly path: string;
  /** What `Ref` gives. */
  readonly id: string;
  /** Resolved when it is read, as some values are known only once others run. @throws {TemplateError} */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Attribute as `Fn::GetAtt` gives it. @throws {TemplateError} */
  attribute(name: string): unknown;
}

export interface StackOutput {
  readonly name: string;
  readonly value: string;
  readonly description: string | undefined;
  readonly exportName: string | undefined;
}

export interface DeployedStack {
  readonly name: string;
  /** ARN of the stack. */
  readonly id: string;
  readonly assets: ReadonlyMap<string, string>;
  /** @throws {TemplateError} when a value is not yet known */
  outputs(): StackOutput[];
}

/** The stacks of an assembly as they would be once deployed. */
export interface Deployment {
  readonly stacks: readonly DeployedStack[];
  /** Resources of a type, in the order of stacks and templates. */
  ofType(type: string): Resource[];
  /** Custom resources, in that order. */
  custom(): Resource[];
  /** Tells what is known only at run time: an attribute, or under the name `Ref` the physical id. */
  provide(resource: Pick<Resource, 'stackName' | 'logicalId'>, attributes: Readonly<Record<string, unknown>>): void;
}

/**
 * Gives names, ids and ARNs to everything in the assembly's stacks.
 *
 * @throws {TemplateError} when a stack holds a resource that the embedded cloud neither runs nor knowingly ignores
 */
export function deploy(assembly: readonly AssemblyStack[]): Deployment {
  const provided = new Map<string, unknown>();
  const resources: Resource[] = [];
  const stacks: DeployedStack[] = [];
  for (const stack of assembly) {
    const deployed = deployStack(stack, [...stacks], provided);
    stacks.push(deployed.stack);
    resources.push(...deployed.resources);
  }
  return {
    stacks,
    ofType: type => resources.filter(resource => resource.type === type),
    custom: () => resources.filter(({ type }) => isCustom(type)),
    provide({ stackName, logicalId }, attributes) {
      for (const [name, value] of Object.entries(attributes)) provided.set(`${stackName}.${logicalId}.${name}`, value);
    },
  };
}

function deployStack(stack: AssemblyStack, earlier: readonly DeployedStack[], provided: ReadonlyMap<string, unknown>) {
  const byId = new Map<string, Resource>();
  const scope: Scope = {
    stackName: stack.name,
    stackId: stackArn(stack.name),
    template: stack.template,
    ref: logicalId => find(logicalId).id,
    attribute: (logicalId, name) => find(logicalId).attribute(name),
    imported: name => findExport(earlier, name),
    stackOutput: (name, output) => findOutput(earlier, name, output),
  };
  function find(logicalId: string): Resource {
    const found = byId.get(logicalId);
    if (found) return found;
    throw new TemplateError(`Stack ${stack.name} refers to the resource "${logicalId}", which it does not hold`);
  }
  for (const [logicalId, resource] of Object.entries(stack.template.Resources)) {
    if (resource.Condition && !holds(resource.Condition, scope)) continue;
    byId.set(logicalId, new DeployedResource(logicalId, resource, scope, provided));
  }
  const deployed: DeployedStack = {
    name: stack.name,
    id: scope.stackId,
    assets: stack.assets,
    outputs: () => readOutputs(stack, scope),
  };
  return { stack: deployed, resources: [...byId.values()] };
}

class DeployedResource implements Resource {
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  readonly path: string;
  readonly #template: TemplateResource;
  readonly #scope: Scope;
  readonly #provided: ReadonlyMap<string, unknown>;
  /** Made when it is first asked for: there is a digest in it, and some are asked for a thousand times. */
  #identity: Identity | undefined;

  constructor(logicalId: string, template: TemplateResource, scope: Scope, provided: ReadonlyMap<string, unknown>) {
    if (!resourceTypes[template.Type] && !isCustom(template.Type)) {
      throw new TemplateError(
        `Resource "${logicalId}" of stack ${scope.stackName} is of type ${template.Type}, which the embedded cloud does not run`,
      );
    }
    this.stackName = scope.stackName;
    this.logicalId = logicalId;
    this.type = template.Type;
    this.path = String(template.Metadata?.['aws:cdk:path'] ?? logicalId);
    this.#template = template;
    this.#scope = scope;
    this.#provided = provided;
  }

  get id(): string {
    return String(this.#known('Ref') ?? resourceTypes[this.type]?.ref(this.#identify()) ?? this.#unknown('Ref'));
  }

  get properties(): Readonly<Record<string, unknown>> {
    return (resolve(this.#template.Properties ?? {}, this.#scope) ?? {}) as Record<string, unknown>;
  }

  attribute(name: string): unknown {
    return this.#known(name) ?? resourceTypes[this.type]?.attributes?.[name]?.(this.#identify()) ?? this.#unknown(name);
  }

  #known(name: string): unknown {
    return this.#provided.get(`${this.stackName}.${this.logicalId}.${name}`);
  }

  #unknown(name: string): never {
    throw new TemplateError(`${this.type} "${this.logicalId}" of stack ${this.stackName} has no ${name} (yet)`);
  }

  #identify(): Identity {
    if (this.#identity) return this.#identity;
    const { stackName, logicalId } = this;
    const hash = createHash('sha256').update(`${stackName}/${logicalId}`).digest();
    this.#identity = {
      stackName,
      logicalId,
      property: name => resolve(this.#template.Properties?.[name], this.#scope),
      shortId: suffix(hash, 10).toLowerCase(),
      generatedName: `${stackName.slice(0, 24)}-${logicalId.slice(0, 24)}-${suffix(hash, 12)}`,
    };
    return this.#identity;
  }
}

function suffix(hash: Buffer, length: number): string {
  return BigInt(`0x${hash.toString('hex')}`)
    .toString(36)
    .toUpperCase()
    .slice(-length);
}

function stackArn(name: string): string {
  const uuid = createHash('sha256').update(name).digest('hex');
  const parts = [uuid.slice(0, 8), uuid.slice(8, 12), uuid.slice(12, 16), uuid.slice(16, 20), uuid.slice(20, 32)];
  return `arn:aws:cloudformation:${localRegion}:${localAccount}:stack/${name}/${parts.join('-')}`;
}

function readOutputs({ template }: AssemblyStack, scope: Scope): StackOutput[] {
  return Object.entries(template.Outputs ?? {})
    .filter(([, { Condition }]) => !Condition || holds(Condition, scope))
    .map(([name, { Value, Description, Export }]) => ({
      name,
      value: String(resolve(Value, scope)),
      description: Description,
      exportName: Export && String(resolve(Export.Name, scope)),
    }));
}

function findExport(stacks: readonly DeployedStack[], name: string): string {
  const found = stacks.flatMap(stack => stack.outputs()).find(({ exportName }) => exportName === name);
  if (!found) throw new TemplateError(`No stack deployed before exports "${name}"`);
  return found.value;
}

function findOutput(stacks: readonly DeployedStack[], stackName: string, name: string): string {
  const stack = stacks.find(stack => stack.name === stackName);
  const found = stack?.outputs().find(output => output.name === name);
  if (!found) throw new TemplateError(`No stack deployed before is named "${stackName}" and has the output "${name}"`);
  return found.value;
}
