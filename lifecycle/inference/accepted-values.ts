import type { Feature, NumberFeature } from '../../use-cases/define-use-case.ts';

/** Longest category level and id, in UTF-16 code units: a logged prediction has to fit into a table's item. */
export const longestText = 256;

/** Says what a feature accepts, if it is not this value; null and absent values are the caller's. */
export function findMismatch(feature: Feature, value: unknown): string | undefined {
  switch (feature.type) {
    case 'boolean':
      return typeof value === 'boolean' ? undefined : 'true or false';
    case 'category':
      return isText(value) ? undefined : `a string of at most ${longestText} characters`;
    default:
      return isNumber(feature, value) ? undefined : numberWords(feature);
  }
}

/** Says what an id has to be, if it is not this value. */
export function findIdMismatch(value: unknown): string | undefined {
  const isId = typeof value === 'string' ? value !== '' && isText(value) : Number.isSafeInteger(value);
  return isId ? undefined : `a string of 1 to ${longestText} characters or an integer`;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length <= longestText;
}

function isNumber({ type, range }: NumberFeature, value: unknown): boolean {
  // The model computes in float32: a number beyond its range would become infinite there.
  if (typeof value !== 'number' || !Number.isFinite(Math.fround(value))) return false;
  if (type === 'integer' && !Number.isInteger(value)) return false;
  return range === undefined || (value >= range[0] && value <= range[1]);
}

function numberWords({ type, range }: NumberFeature): string {
  const kind = type === 'integer' ? 'an integer' : 'a number';
  return range ? `${kind} from ${range[0]} to ${range[1]}` : kind;
}
