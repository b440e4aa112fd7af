import { InvalidRequestError } from '../lifecycle/inference/parse-request.ts';

/** Part of a list that a caller asks for. */
export interface Page {
  readonly limit: number;
  /** Id of the last item that the caller has; undefined at the beginning. */
  readonly after: string | undefined;
}

/** Items of a page at most, and where nothing is said. */
export const pageLimits = { most: 200, usual: 50 } as const;

/** Reads `limit` and `after` of a query. @throws {InvalidRequestError} */
export function readPage({ limit, after }: Readonly<Record<string, string | undefined>>): Page {
  const number = limit === undefined ? pageLimits.usual : /^\d+$/.test(limit) ? Number(limit) : Number.NaN;
  if (number >= 1 && number <= pageLimits.most) return { limit: number, after };
  throw new InvalidRequestError([
    { pointer: '/limit', detail: `expected an integer from 1 to ${pageLimits.most}, got "${limit?.slice(0, 64)}"` },
  ]);
}

/** A part of a list, and what to ask for `after` it; null where it is the last. */
export interface TakenPage<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** Takes a page of what is walked through, reading no more than that. @param items from the one after `page.after` on */
export async function takeWalked<Item>(
  items: AsyncIterable<Item>,
  idOf: (item: Item) => string,
  { limit }: Page,
): Promise<TakenPage<Item>> {
  const taken: Item[] = [];
  for await (const item of items) {
    if (taken.length === limit) return { items: taken, next: idOf(taken.at(-1)!) };
    taken.push(item);
  }
  return { items: taken, next: null };
}

/** Reads the number after which a page begins; undefined at the beginning. @throws {InvalidRequestError} when it is none */
export function readNumberAfter({ after }: Page): number | undefined {
  if (after !== undefined && !/^[1-9]\d{0,8}$/.test(after)) throw noSuchItem(after);
  return after === undefined ? undefined : Number(after);
}

/**
 * Takes a page of a list.
 *
 * @param items all there are, in their order
 * @throws {InvalidRequestError} when there is no such item to begin after
 */
export function takePage<Item>(
  items: readonly Item[],
  idOf: (item: Item) => string,
  { limit, after }: Page,
): TakenPage<Item> {
  const start = after === undefined ? 0 : items.findIndex(item => idOf(item) === after) + 1;
  if (after !== undefined && start === 0) throw noSuchItem(after);
  const taken = items.slice(start, start + limit);
  return { items: taken, next: start + limit < items.length ? idOf(taken.at(-1)!) : null };
}

/** Says that a page cannot begin there. */
export function noSuchItem(after: string): InvalidRequestError {
  return new InvalidRequestError([{ pointer: '/after', detail: `there is no item "${after.slice(0, 64)}"` }]);
}
