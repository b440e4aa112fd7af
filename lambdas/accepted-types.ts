/**
 * Whether somebody who accepts some media types would rather have `type` than `usual`, which they get where they care for neither.
 *
 * @param accept value of the header, for instance `text/markdown, application/json;q=0.5`
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-accept
 */
export function prefers(accept: string | undefined, type: string, usual: string): boolean {
  const ranges = (accept ?? '').split(',').map(readRange);
  return weigh(type, ranges) > weigh(usual, ranges);
}

interface Range {
  readonly range: string;
  readonly weight: number;
}

function readRange(text: string): Range {
  const [range = '', ...parameters] = text.split(';').map(part => part.trim().toLowerCase());
  const weight = parameters.find(parameter => parameter.startsWith('q='))?.slice('q='.length);
  return { range, weight: weight === undefined ? 1 : Number(weight) || 0 };
}

/** The weight of the most specific range that a type is in, 0 outside of all. */
function weigh(type: string, ranges: readonly Range[]): number {
  const [family] = type.split('/');
  for (const wanted of [type, `${family}/*`, '*/*']) {
    const found = ranges.find(({ range }) => range === wanted);
    if (found) return found.weight;
  }
  return 0;
}
