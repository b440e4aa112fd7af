/** What TypeScript's library does not declare yet: numbers kept as their text, in both directions. */
interface ExactJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): unknown;
}

const json = JSON as unknown as ExactJson;

const snapshotIdKeys: ReadonlySet<string> = new Set(['snapshot-id', 'parent-snapshot-id', 'current-snapshot-id']);

/** Parses metadata JSON; snapshot ids, which a Number would round, become bigints. */
export function parseExactJson(text: string): unknown {
  return json.parse(text, (key, value, { source }) =>
    typeof value === 'number' && source !== undefined && snapshotIdKeys.has(key) ? BigInt(source) : value,
  );
}

/** Prints metadata JSON; bigints become plain numbers. */
export function printExactJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'bigint' ? json.rawJSON(member.toString()) : member,
  );
}
