/** Thrown when nothing, or more than one thing, begins with an id. */
export class NotIdentifiedError extends Error {
  override readonly name = 'NotIdentifiedError';

  constructor(noun: string, id: string, found: number) {
    const which = found === 0 ? `No ${noun}` : `${found} ${noun}s`;
    super(`${which} of the use case begin with "${id}", expected one: see "perennial ${noun}s list"`);
  }
}

/**
 * Finds the one thing whose id begins so.
 *
 * @param noun what it is, such as `run`; the command that lists them is its plural
 * @throws {NotIdentifiedError}
 */
export function identify<T>(noun: string, things: readonly T[], idOf: (thing: T) => string, id: string): T {
  const found = things.filter(thing => idOf(thing).startsWith(id));
  if (found.length !== 1) throw new NotIdentifiedError(noun, id, found.length);
  return found[0]!;
}
