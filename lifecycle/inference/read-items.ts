import { isRecord } from './is-record.ts';
import { InvalidRequestError } from './parse-request.ts';

/**
 * Reads the list of a body of which each item is answered for itself: `{"outcomes": […]}`.
 *
 * @param name of the list
 * @param most items that it may have
 * @throws {InvalidRequestError} when the body is no object with such a list of 1 item or more
 */
export function readItems(body: unknown, name: string, most: number): readonly unknown[] {
  const items = isRecord(body) ? body[name] : undefined;
  const refuse = (got: string) => {
    const detail = `expected an array of 1 to ${most.toLocaleString('en')} ${name}, got ${got}`;
    throw new InvalidRequestError([{ pointer: `/${name}`, detail }]);
  };
  if (!Array.isArray(items)) return refuse(items === undefined ? 'nothing' : typeof items);
  if (items.length < 1 || items.length > most) return refuse(items.length.toLocaleString('en'));
  return items;
}
