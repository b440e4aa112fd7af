import type { ErrorAnswer } from './messages.ts';

/** Thrown when a function's invocation ended in an error; its name is the error's own, by which state machines match. */
export class FunctionError extends Error {
  override readonly name: string;
  readonly trace: readonly string[];

  constructor({ errorType, errorMessage, trace = [] }: ErrorAnswer) {
    super(errorMessage);
    this.name = errorType;
    this.trace = trace;
  }
}
