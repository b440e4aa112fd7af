import type { Node } from 'constructs';

/** What `-c name=value` on the command line, or cdk.json, decides about a deployment. */
export interface Context {
  /** Keeps tables, buckets and the Iceberg lake when their stack is deleted. */
  readonly retain: boolean;
  /** Allows synthetic batches. */
  readonly demo: boolean;
  /** Receives the alarms. @default - the topic has no subscriber */
  readonly alarmEmail?: string;
}

/**
 * Reads the deployment's context; the command line passes every value as a string.
 *
 * @throws {RangeError} on a flag that is neither true nor false
 */
export function readContext(node: Node): Context {
  return {
    retain: readFlag(node, 'retain', true),
    demo: readFlag(node, 'demo', false),
    alarmEmail: node.tryGetContext('alarmEmail'),
  };
}

function readFlag(node: Node, name: string, byDefault: boolean): boolean {
  const value = String(node.tryGetContext(name) ?? byDefault);
  if (value !== 'true' && value !== 'false')
    throw new RangeError(`Context ${name} is "${value}", expected true or false`);
  return value === 'true';
}
