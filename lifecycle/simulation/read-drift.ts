import type { BooleanFeature, CategoryFeature, UseCase } from '../../use-cases/define-use-case.ts';
import { toNumber } from '../datasets/cell-values.ts';
import { longestText } from '../inference/accepted-values.ts';
import { closestName } from '../inference/closest-name.ts';

/** How one feature of a population changes. */
export type Drift =
  /** Adds so much, or so many standard deviations that the feature has without drift. */
  | { readonly feature: string; readonly change: 'add'; readonly by: number; readonly unit: 'value' | 'sd' }
  | { readonly feature: string; readonly change: 'multiply'; readonly by: number }
  /** Whoever has one level has the other instead, which may be one that the use case does not know. */
  | { readonly feature: string; readonly change: 'replace'; readonly from: Level; readonly to: Level };

type Level = string | boolean;

/** Thrown when a drift is asked for that the use case cannot have. */
export class InvalidDriftError extends Error {
  override readonly name = 'InvalidDriftError';
}

/**
 * Reads which features drift and how: `balance=+1sd,age=-5,campaign=*2,job=student→gig-worker`; `->` is read as `→`.
 *
 * @throws {InvalidDriftError} saying which features, levels and forms are accepted
 */
export function readDrift(useCase: UseCase, text: string): Drift[] {
  return text
    .split(',')
    .map(part => part.trim())
    .filter(part => part !== '')
    .map(part => readPart(useCase, part));
}

function readPart({ id, features }: UseCase, part: string): Drift {
  const [, name, change] = /^([^=]*)=(.*)$/.exec(part)?.map(text => text.trim()) ?? [];
  if (!name || !change) throw new InvalidDriftError(`Cannot read drift "${part}": expected FEATURE=CHANGE`);
  const feature = features[name];
  if (!feature) throw new InvalidDriftError(describeUnknown(id, name, Object.keys(features)));
  const drift =
    feature.type === 'category' || feature.type === 'boolean' ? readLevels(feature, change) : readNumber(change);
  if (typeof drift === 'string') {
    throw new InvalidDriftError(`Cannot drift "${name}" of "${id}" by "${change}": expected ${drift}`);
  }
  return { feature: name, ...drift };
}

function describeUnknown(id: string, name: string, known: readonly string[]): string {
  const meant = closestName(name, known);
  const hint = meant ? `; did you mean "${meant}"?` : '';
  return `Cannot drift "${name}": "${id}" has the features ${known.join(', ')}${hint}`;
}

const numberForms = '+N or -N to add, +Nsd or -Nsd to add standard deviations, *N to multiply, as in +1sd';

type NumberChange = { change: 'add'; by: number; unit: 'value' | 'sd' } | { change: 'multiply'; by: number };

/** A text says what is accepted instead. */
function readNumber(text: string): NumberChange | string {
  const [, sign, digits, unit] = /^([+*-])(.+?)(sd)?$/.exec(text) ?? [];
  const number = /^[\d.]/.test(digits ?? '') ? toNumber(digits) : Number.NaN;
  if (!Number.isFinite(number)) return numberForms;
  if (sign === '*') return unit ? numberForms : { change: 'multiply', by: number };
  return { change: 'add', by: sign === '-' ? -number : number, unit: unit ? 'sd' : 'value' };
}

function readLevels(
  feature: CategoryFeature | BooleanFeature,
  text: string,
): { change: 'replace'; from: Level; to: Level } | string {
  const [, from, to] = /^(.+?)\s*(?:→|->)\s*(.+)$/.exec(text) ?? [];
  const levels = feature.type === 'category' ? feature.levels : ['true', 'false'];
  const known = `LEVEL→LEVEL, as in ${levels[0]}→${levels[1]}; levels are ${levels.join(', ')}`;
  if (!from || !to || from === to || !levels.includes(from)) return known;
  if (feature.type === 'category') return acceptsLevel(feature, to) ? { change: 'replace', from, to } : known;
  return levels.includes(to) ? { change: 'replace', from: from === 'true', to: to === 'true' } : known;
}

/** A new level is as welcome as the endpoint makes it. */
function acceptsLevel({ levels }: CategoryFeature, level: string): boolean {
  return levels.includes(level) || level.length <= longestText;
}
