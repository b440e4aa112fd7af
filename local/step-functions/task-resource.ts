import type { Clock } from '../../lifecycle/clock.ts';
import { longestTimerSeconds } from '../timers.ts';
import type { State } from './prepare-definition.ts';

export interface TaskResource {
  /** The function, when the resource names it; otherwise `Parameters.FunctionName` does. */
  readonly functionArn?: string;
  /** Action of the service integration as history names it: `invoke` or `invoke.waitForTaskToken`. */
  readonly integration?: string;
  readonly waitsForToken: boolean;
}

/** Reads what a Task state runs: a Lambda function directly, or through the `lambda:invoke` integration. Undefined when it is neither. */
export function readResource(resource: string): TaskResource | undefined {
  if (/^arn:[^:]+:lambda:[^:]+:\d+:function:/.test(resource)) return { functionArn: resource, waitsForToken: false };
  const integration = /^arn:[^:]+:states:::lambda:(invoke(\.waitForTaskToken)?)$/.exec(resource);
  return integration ? { integration: integration[1], waitsForToken: integration[2] !== undefined } : undefined;
}

/**
 * Real seconds that one attempt of a Task or Wait state may take; without a timeout, as long as a timer can.
 * A function computes in real time, only who waits for a token waits in domain time.
 */
export function taskTimeoutSeconds(state: State, clock: Clock): number {
  if (state.Type === 'Wait' || state.TimeoutSeconds === undefined) return longestTimerSeconds;
  const seconds = state.TimeoutSeconds as number;
  const real = readResource(state.Resource as string)?.waitsForToken ? clock.real(seconds) : seconds;
  return Math.min(real, longestTimerSeconds);
}
