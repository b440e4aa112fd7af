import { localAccount, localRegion } from '../service.ts';
import type { Template } from './assembly.ts';

/** What the intrinsic functions of one stack look up. */
export interface Scope {
  readonly stackName: string;
  readonly stackId: string;
  readonly template: Template;
  /** The `Ref` of a resource. */
  ref(logicalId: string): unknown;
  /** An attribute of a resource. */
  attribute(logicalId: string, name: string): unknown;
  /** A value that another stack exports. */
  imported(name: string): unknown;
  /** An output of another stack. */
  stackOutput(stack: string, name: string): unknown;
}

/** Thrown when a template refers to what is not there or uses a function that the embedded cloud does not know. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** What `Ref: AWS::NoValue` stands for: the property is as if it were not written. */
const noValue = Symbol('AWS::NoValue');

type Function = (argument: unknown, scope: Scope) => unknown;

/**
 * Resolves the intrinsic functions in a value.
 *
 * @throws {TemplateError}
 */
export function resolve(value: unknown, scope: Scope): unknown {
  const resolved = resolveValue(value, scope);
  return resolved === noValue ? undefined : resolved;
}

/**
 * Evaluates a condition of the template.
 *
 * @throws {TemplateError} when the template does not declare it
 */
export function holds(condition: string, scope: Scope): boolean {
  const declared = scope.template.Conditions?.[condition];
  if (declared === undefined) throw new TemplateError(`Stack ${scope.stackName} has no condition "${condition}"`);
  return resolve(declared, scope) === true;
}

function resolveValue(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map(item => resolveValue(item, scope)).filter(item => item !== noValue);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? ['', undefined];
  if (entries.length === 1 && (name === 'Ref' || name === 'Condition' || name.startsWith('Fn::'))) {
    if (name !== 'Condition' || typeof argument === 'string') return call(name, argument, scope);
  }
  return Object.fromEntries(
    entries.map(([key, item]) => [key, resolveValue(item, scope)]).filter(([, item]) => item !== noValue),
  );
}

function call(name: string, argument: unknown, scope: Scope): unknown {
  const intrinsic = functions[name];
  if (!intrinsic) {
    throw new TemplateError(`Stack ${scope.stackName} uses ${name}, which the embedded cloud does not know`);
  }
  return intrinsic(argument, scope);
}

const functions: Readonly<Record<string, Function>> = {
  Ref: (name, scope) => reference(name as string, scope),
  Condition: (name, scope) => holds(name as string, scope),
  'Fn::GetAtt': (path, scope) => {
    const [logicalId, ...attribute] = Array.isArray(path) ? path : (path as string).split('.');
    return scope.attribute(
      logicalId,
      String(resolveValue(attribute.length > 1 ? attribute.join('.') : attribute[0], scope)),
    );
  },
  'Fn::Join': (argument, scope) => {
    const [separator, parts] = resolveValue(argument, scope) as [string, unknown[]];
    return parts.map(String).join(separator);
  },
  'Fn::Split': (argument, scope) => {
    const [separator, text] = resolveValue(argument, scope) as [string, string];
    return text.split(separator);
  },
  'Fn::Select': (argument, scope) => {
    const [index, items] = resolveValue(argument, scope) as [number | string, unknown[]];
    if (!(Number(index) in items)) throw new TemplateError(`Fn::Select of ${index} among ${items.length} items`);
    return items[Number(index)];
  },
  'Fn::Sub': (argument, scope) => substitute(argument, scope),
  'Fn::Base64': (text, scope) => Buffer.from(String(resolveValue(text, scope))).toString('base64'),
  'Fn::FindInMap': (argument, scope) => {
    const [map, first, second] = resolveValue(argument, scope) as [string, string, string];
    const found = scope.template.Mappings?.[map]?.[first]?.[second];
    if (found === undefined) throw new TemplateError(`Mapping ${map} has no ${first}.${second}`);
    return found;
  },
  'Fn::GetAZs': () => ['a', 'b', 'c'].map(zone => `${localRegion}${zone}`),
  'Fn::ImportValue': (name, scope) => scope.imported(String(resolveValue(name, scope))),
  'Fn::GetStackOutput': (argument, scope) => {
    const resolved = resolveValue(argument, scope) as Record<string, string> | [string, string];
    const [stack, output] = Array.isArray(resolved) ? resolved : [resolved.StackName!, resolved.OutputName!];
    return scope.stackOutput(stack, output);
  },
  'Fn::If': (argument, scope) => {
    const [condition, yes, no] = argument as [string, unknown, unknown];
    return resolveValue(holds(condition, scope) ? yes : no, scope);
  },
  'Fn::Equals': (argument, scope) => {
    const [left, right] = resolveValue(argument, scope) as [unknown, unknown];
    return String(left) === String(right);
  },
  'Fn::Not': (argument, scope) => !(resolveValue(argument, scope) as [boolean])[0],
  'Fn::And': (argument, scope) => (resolveValue(argument, scope) as boolean[]).every(Boolean),
  'Fn::Or': (argument, scope) => (resolveValue(argument, scope) as boolean[]).some(Boolean),
};

function reference(name: string, scope: Scope): unknown {
  switch (name) {
    case 'AWS::AccountId':
      return localAccount;
    case 'AWS::Region':
      return localRegion;
    case 'AWS::Partition':
      return 'aws';
    case 'AWS::URLSuffix':
      return 'amazonaws.com';
    case 'AWS::StackName':
      return scope.stackName;
    case 'AWS::StackId':
      return scope.stackId;
    case 'AWS::NotificationARNs':
      return [];
    case 'AWS::NoValue':
      return noValue;
  }
  if (name in scope.template.Resources) return scope.ref(name);
  const parameter = scope.template.Parameters?.[name];
  if (!parameter) throw new TemplateError(`Stack ${scope.stackName} has no resource and no parameter "${name}"`);
  if (parameter.Default === undefined) {
    throw new TemplateError(`Parameter "${name}" of stack ${scope.stackName} has no default, and nobody is asked here`);
  }
  return parameter.Default;
}

function substitute(argument: unknown, scope: Scope): string {
  const [text, variables] = (Array.isArray(argument) ? argument : [argument, {}]) as [string, Record<string, unknown>];
  return text.replace(/\$\{(!?)([^}]+)\}/g, (_, literal, name: string) => {
    if (literal) return `\${${name}}`;
    if (name in variables) return String(resolveValue(variables[name], scope));
    const path = name.trim().split('.');
    return String(path.length > 1 ? call('Fn::GetAtt', path, scope) : reference(path[0]!, scope));
  });
}
