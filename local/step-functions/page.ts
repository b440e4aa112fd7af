import { ServiceError } from '../service.ts';

/**
 * Cuts one page out of a list. The token names the page's last item, so that a list may grow at its front between two pages.
 *
 * @throws {ServiceError} `InvalidToken`
 */
export function page<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  { maxResults, nextToken }: { maxResults?: number; nextToken?: string },
): { items: Item[]; nextToken?: string } {
  const start = nextToken === undefined ? 0 : items.findIndex(item => encode(keyOf(item)) === nextToken) + 1;
  if (nextToken !== undefined && start === 0) throw new ServiceError('InvalidToken', `Invalid Token: '${nextToken}'`);
  const end = start + (maxResults || defaultPageSize);
  const cut = items.slice(start, end);
  return { items: cut, nextToken: end < items.length ? encode(keyOf(cut.at(-1)!)) : undefined };
}

const defaultPageSize = 100;

function encode(key: string): string {
  return Buffer.from(key).toString('base64url');
}
