import type { ServerResponse } from 'node:http';
import { type Caller, ServiceError } from './service.ts';

/** A fault to be injected between the services and their callers, for tests of what survives it. */
export interface FaultRule {
  /** Label of the function that calls, for instance `Ingest`. @default - anybody */
  readonly function?: string;
  /** IAM action, for instance `s3:PutObject`, or `lambda:InvokeFunction` for a task of a state machine. */
  readonly action: string;
  /** Pattern of the resource ARN, with `*`. @default - any */
  readonly resource?: string;
  /** Which matching call the fault begins with. @default - 1 */
  readonly nth?: number;
  /** How many matching calls it strikes. @default - 1 */
  readonly times?: number;
  /** `after`: the act is done, and its answer is lost. */
  readonly when: 'before' | 'after';
  readonly do: 'kill-process' | 'kill-worker' | 'throttle' | 'fail';
}

/** The variable that holds rules, as a JSON array. */
export const faultsVariable = 'PERENNIAL_FAULTS';

/** Thrown when the variable cannot be understood. */
export class FaultRuleError extends Error {
  override readonly name = 'FaultRuleError';
}

export interface Faults {
  /** The caller as one request sees him, with the faults that strike it. */
  strike(label: string, caller: Caller, response: ServerResponse): Caller;
  /** Runs a task of a state machine under the rules for `lambda:InvokeFunction`. */
  around<Result>(label: string, functionArn: string, act: () => Promise<Result>): Promise<Result>;
}

/** Reads the rules, or undefined when there are none. @throws {FaultRuleError} */
export function readFaultRules(json: string | undefined): readonly FaultRule[] | undefined {
  if (!json) return undefined;
  try {
    const rules: FaultRule[] = JSON.parse(json);
    for (const { action, when, do: act } of rules) {
      if (typeof action !== 'string' || !['before', 'after'].includes(when) || !(act in acts)) {
        throw new TypeError('each rule needs an action, "when" (before, after) and "do"');
      }
    }
    return rules;
  } catch (error) {
    throw new FaultRuleError(`${faultsVariable} is no array of fault rules: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/**
 * Makes the injection of the rules' faults.
 *
 * @param crash ends the threads of a function that are at work
 */
export function createFaults(rules: readonly FaultRule[], crash: (label: string) => void): Faults {
  const counts = new Map<FaultRule, number>();

  function due(label: string, action: string, resource: string): FaultRule[] {
    return rules.filter(rule => {
      if (!applies(rule, label, action, resource)) return false;
      const count = (counts.get(rule) ?? 0) + 1;
      counts.set(rule, count);
      const first = rule.nth ?? 1;
      return count >= first && count < first + (rule.times ?? 1);
    });
  }

  return {
    strike(label, caller, response) {
      return {
        principal: caller.principal,
        require(action, resource, context) {
          caller.require(action, resource, context);
          for (const { when, do: act } of due(label, action, resource)) {
            const strike = () => acts[act]({ label, action, crash });
            if (when === 'before') strike();
            else whenAnswered(response, strike);
          }
        },
      };
    },
    async around(label, functionArn, act) {
      const struck = due(label, 'lambda:InvokeFunction', functionArn);
      const strike = (moment: FaultRule['when']) => {
        for (const { when, do: act } of struck) {
          if (when === moment) acts[act]({ label, action: 'lambda:InvokeFunction', crash });
        }
      };
      strike('before');
      const result = await act();
      strike('after');
      return result;
    },
  };
}

interface Strike {
  readonly label: string;
  readonly action: string;
  crash(label: string): void;
}

/** Each ends by throwing, so that what was asked for is not done or not answered. */
const acts: Readonly<Record<FaultRule['do'], (strike: Strike) => never>> = {
  'kill-process': () => {
    process.kill(process.pid, 'SIGKILL');
    throw new ServiceError('InternalServerError', 'The process is being killed', 500);
  },
  'kill-worker': ({ label, crash }) => {
    crash(label);
    throw new ServiceError('InternalServerError', `The function ${label} was ended`, 500);
  },
  throttle: ({ action }) => {
    const [service] = action.split(':');
    if (service === 's3') throw new ServiceError('SlowDown', 'Please reduce your request rate.', 503);
    if (service === 'dynamodb') {
      throw new ServiceError(
        'ProvisionedThroughputExceededException',
        'The level of configured throughput was exceeded',
      );
    }
    throw new ServiceError('ThrottlingException', 'Rate exceeded');
  },
  fail: () => {
    throw new ServiceError('InternalServerError', 'An injected fault', 500);
  },
};

function applies(rule: FaultRule, label: string, action: string, resource: string): boolean {
  if (rule.function !== undefined && rule.function !== label) return false;
  if (rule.action !== action) return false;
  const pattern = (rule.resource ?? '*').replace(/[.+^${}()|[\]\\?]/g, String.raw`\$&`).replaceAll('*', '.*');
  return new RegExp(`^${pattern}$`, 's').test(resource);
}

/** Strikes where the answer would be sent, which is then lost with its connection. */
function whenAnswered(response: ServerResponse, strike: () => void): void {
  response.end = () => {
    try {
      strike();
    } catch {
      response.destroy();
    }
    return response;
  };
}
