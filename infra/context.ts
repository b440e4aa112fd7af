import type { Node } from 'constructs';

/** What `-c name=value` on the command line, or cdk.json, decides about a deployment. */
export interface Context {
  /** Keeps tables, buckets and the Iceberg lake when their stack is deleted. */
  readonly retain: boolean;
  /** Allows synthetic batches. */
  readonly demo: boolean;
  /** Memory in MB of the function for trials that the standard one cannot hold. */
  readonly largeMemory: number;
  /** Receives the alarms. @default - the topic has no subscriber */
  readonly alarmEmail?: string;
}

/**
 * Reads the deployment's context; the command line passes every value as a string.
 *
 * @throws {RangeError} on a flag that is neither true nor false, or a memory that no function has
 */
export function readContext(node: Node): Context {
  return {
    retain: readFlag(node, 'retain', true),
    demo: readFlag(node, 'demo', false),
    largeMemory: readMemory(node, 'largeMemory', 3008),
    alarmEmail: node.tryGetContext('alarmEmail'),
  };
}

function readFlag(node: Node, name: string, byDefault: boolean): boolean {
  const value = String(node.tryGetContext(name) ?? byDefault);
  if (value !== 'true' && value !== 'false')
    throw new RangeError(`Context ${name} is "${value}", expected true or false`);
  return value === 'true';
}

function readMemory(node: Node, name: string, byDefault: number): number {
  const value = Number(node.tryGetContext(name) ?? byDefault);
  if (!(Number.isInteger(value) && value >= 1769 && value <= 10_240)) {
    throw new RangeError(`Context ${name} is "${node.tryGetContext(name)}", expected an integer in [1769, 10240]`);
  }
  return value;
}
