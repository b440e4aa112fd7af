import { InvalidArgumentError } from 'commander';

/** Reads a JSON object. @param of what it holds, for the error */
export function readJsonObject(text: string, of: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new InvalidArgumentError(`It is no JSON: ${(error as Error).message}.`);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw new InvalidArgumentError(`Expected a JSON object with ${of}.`);
}

/** Reads names with commas between them; an option that is given again adds to them. */
export function readNames(text: string, before: readonly string[] = []): readonly string[] {
  const names = text.split(',').map(name => name.trim());
  return [...before, ...names.filter(name => name !== '')];
}

/** Makes a reader of integers in [low, high]. */
export function integerReader(low: number, high: number): (text: string) => number {
  return text => {
    const integer = text.trim() === '' ? Number.NaN : Number(text);
    if (Number.isInteger(integer) && integer >= low && integer <= high) return integer;
    throw new InvalidArgumentError(`Expected an integer from ${low} to ${high}.`);
  };
}

/** Reads the character between two fields; a tab may be written `\t`. */
export function readDelimiter(text: string): string {
  const delimiter = text === '\\t' ? '\t' : text;
  if ([...delimiter].length === 1 && !/["\r\n]/.test(delimiter)) return delimiter;
  throw new InvalidArgumentError('Expected one character, and no quote or line break.');
}
