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

/**
 * Takes a page of what is numbered, reading no more than that.
 *
 * @param walkFrom goes back from the item before a number, or from the newest
 * @throws {InvalidRequestError} when `after` is no number
 */
export async function takeNumbered<Item>(
  walkFrom: (before: number | undefined) => AsyncIterable<Item>,
  numberOf: (item: Item) => number,
  { limit, after }: Page,
): Promise<{ items: readonly Item[]; next: string | null }> {
  if (after !== undefined && !/^[1-9]\d{0,8}$/.test(after)) throw noSuchItem(after);
  const items: Item[] = [];
  for await (const item of walkFrom(after === undefined ? undefined : Number(after))) {
    if (items.length === limit) return { items, next: String(numberOf(items.at(-1)!)) };
    items.push(item);
  }
  return { items, next: null };
}

/**
 * Takes a page of a list.
 *
 * @param items all there are, in their order
 * @returns the page, and what to ask for `after` it; null where it is the last
 * @throws {InvalidRequestError} when there is no such item to begin after
 */
export function takePage<Item>(
  items: readonly Item[],
  idOf: (item: Item) => string,
  { limit, after }: Page,
): { items: readonly Item[]; next: string | null } {
  const start = after === undefined ? 0 : items.findIndex(item => idOf(item) === after) + 1;
  if (after !== undefined && start === 0) throw noSuchItem(after);
  const taken = items.slice(start, start + limit);
  return { items: taken, next: start + limit < items.length ? idOf(taken.at(-1)!) : null };
}

function noSuchItem(after: string): InvalidRequestError {
  return new InvalidRequestError([{ pointer: '/after', detail: `there is no item "${after.slice(0, 64)}"` }]);
}
