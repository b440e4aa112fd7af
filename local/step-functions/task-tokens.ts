import { randomUUID } from 'node:crypto';
import { ServiceError } from '../service.ts';
import { TaskError } from './task-error.ts';

interface Waiter {
  readonly machineArn: string;
  succeed(output: string): void;
  fail(error: TaskError): void;
  beat(): void;
}

export interface TokenWait {
  readonly machineArn: string;
  /** Real milliseconds without a heartbeat after which the task fails. @default - no heartbeat is expected */
  readonly heartbeatMs?: number;
}

/** The tokens that tasks wait for. They live as long as the process: an execution that is run again waits for new ones. */
export class TaskTokens {
  readonly #waiters = new Map<string, Waiter>();

  /** A token that nobody waits for yet. */
  mint(): string {
    return `${tokenPrefix}${randomUUID()}`;
  }

  /** Begins to wait: the output arrives under any of the tokens. `forget` ends the wait without an answer. */
  wait(tokens: readonly string[], { machineArn, heartbeatMs }: TokenWait) {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    let timer: NodeJS.Timeout | undefined;
    const beat = () => {
      clearTimeout(timer);
      if (heartbeatMs !== undefined) timer = setTimeout(() => fail(heartbeatTimeout()), heartbeatMs);
    };
    const forget = () => {
      clearTimeout(timer);
      for (const token of tokens) this.#waiters.delete(token);
    };
    const succeed = (output: string) => {
      forget();
      resolve(output);
    };
    const fail = (error: TaskError) => {
      forget();
      reject(error);
    };
    for (const token of tokens) this.#waiters.set(token, { machineArn, succeed, fail, beat });
    beat();
    // Whoever forgets the wait does not look at its end.
    promise.catch(() => {});
    return { output: promise, forget };
  }

  /**
   * Finds who waits for a token.
   *
   * @throws {ServiceError} `InvalidToken` when it is no token, `TaskTimedOut` when nobody waits for it any more
   */
  find(token: string): Waiter {
    const waiter = this.#waiters.get(token);
    if (waiter) return waiter;
    if (!token.startsWith(tokenPrefix)) throw new ServiceError('InvalidToken', `Invalid token: "${token}"`);
    throw new ServiceError('TaskTimedOut', 'Task Timed Out: the provided task does not exist anymore');
  }
}

const tokenPrefix = 'task-';

function heartbeatTimeout(): TaskError {
  return new TaskError('States.HeartbeatTimeout', 'No heartbeat arrived in time');
}
