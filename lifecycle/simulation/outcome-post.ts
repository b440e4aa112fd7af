import { setTimeout as sleep } from 'node:timers/promises';
import { type OutcomeMessage, type OutcomeResult, outcomeLimits } from '../../contracts/outcomes.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import type { Clock } from '../clock.ts';

export interface OutcomePostOptions {
  readonly endpoint: {
    sendOutcomes(useCase: string, outcomes: readonly OutcomeMessage[]): Promise<readonly OutcomeResult[]>;
  };
  readonly clock: Clock;
  readonly useCase: UseCase;
  /** Milliseconds by the clock. */
  readonly labelDelayMs: number;
  readonly onDelivered: () => void;
}

interface Letter {
  readonly outcome: Omit<OutcomeMessage, 'observedAt'>;
  /** Epoch milliseconds by the clock. */
  readonly dueAt: number;
}

/** Tells outcomes to the endpoint when they are due, in as few requests as it allows. */
export class OutcomePost {
  delivered = 0;
  readonly #options: OutcomePostOptions;
  readonly #letters: Letter[] = [];
  readonly #results: Record<OutcomeResult['result'], number> = {
    accepted: 0,
    duplicate: 0,
    'unknown target': 0,
    rejected: 0,
  };
  readonly #round: Promise<void>;
  #isClosed = false;

  constructor(options: OutcomePostOptions) {
    this.#options = options;
    this.#round = this.#deliver();
    // Whoever closes it hears of a failure; until then it waits.
    this.#round.catch(() => {});
  }

  /** Takes an outcome of a prediction that was made at an instant. */
  add(outcome: Letter['outcome'], predictedAt: Date): void {
    this.#letters.push({ outcome, dueAt: predictedAt.getTime() + this.#options.labelDelayMs });
  }

  /** Waits until everything is delivered; says what became of it. @throws whatever the endpoint refused it with */
  async close(): Promise<Readonly<Record<OutcomeResult['result'], number>>> {
    this.#isClosed = true;
    await this.#round;
    return this.#results;
  }

  async #deliver(): Promise<void> {
    while (!this.#isClosed || this.#letters.length > 0) {
      const due = this.#takeDue();
      if (due.length > 0) await this.#send(due);
      if (due.length < outcomeLimits.outcomes) await sleep(pauseMs);
    }
  }

  /** Letters come in the order in which they are due, nearly: none waits for long behind another. */
  #takeDue(): Letter[] {
    const now = this.#options.clock.now().getTime();
    const later = this.#letters.findIndex(({ dueAt }) => dueAt > now);
    const due = later < 0 ? this.#letters.length : later;
    return this.#letters.splice(0, Math.min(due, outcomeLimits.outcomes));
  }

  async #send(letters: readonly Letter[]): Promise<void> {
    const { endpoint, useCase, onDelivered } = this.#options;
    const outcomes = letters.map(({ outcome, dueAt }) => ({ ...outcome, observedAt: new Date(dueAt).toISOString() }));
    for (const { result } of await endpoint.sendOutcomes(useCase.id, outcomes)) this.#results[result] += 1;
    this.delivered += letters.length;
    onDelivered();
  }
}

/** Real milliseconds between two looks at what is due: as much goes in one request. */
const pauseMs = 200;
