import type { Feature, UseCase } from '../../use-cases/define-use-case.ts';
import { isMissing, toNumber } from './cell-values.ts';
import { parseTime, timeWords } from './parse-time.ts';

/** Names of the columns in a landing file that ingest reads. */
export interface FileColumns {
  readonly observationId: string;
  readonly entityId: string;
  readonly eventTime: string;
  readonly label: string;
  /** In the order of the use case's features. */
  readonly features: readonly string[];
}

/** Value of a feature as it goes into the table; null = missing. */
export type FeatureCell = number | string | boolean | null;

/** A row whose every value is acceptable. Undefined where the file does not have the column. */
export interface ParsedRow {
  readonly observationId: string | undefined;
  readonly entityId: string | undefined;
  /** Epoch milliseconds. */
  readonly eventTime: number | undefined;
  readonly features: readonly FeatureCell[];
  /** Null = not known yet. */
  readonly label: 0 | 1 | null;
}

/** Reads a row, or says everything that is wrong with it in one text. */
export type RowParser = (record: Readonly<Record<string, unknown>>) => ParsedRow | string;

/** Names the file's columns of a use case. */
export function fileColumns({ entity, features, label, source }: UseCase): FileColumns {
  const { columns } = source;
  return {
    observationId: columns?.observationId ?? 'observation_id',
    entityId: columns?.entityId ?? entity.column,
    eventTime: columns?.eventTime ?? 'event_time',
    label: label.column,
    features: Object.keys(features).map(name => columns?.features?.[name] ?? name),
  };
}

export interface RowParserOptions {
  /** Under which a row's values stand. @default - the names in the use case's files */
  readonly names?: FileColumns;
  /** Whether a category may be one that the use case does not declare. @default false */
  readonly takesAnyLevel?: boolean;
}

/** Makes the parser of a use case's rows. */
export function createRowParser(
  useCase: UseCase,
  { names = fileColumns(useCase), takesAnyLevel = false }: RowParserOptions = {},
): RowParser {
  const cells = Object.values(useCase.features).map(feature => cellReader(feature, takesAnyLevel));
  const label = labelReader(useCase);
  return record => {
    const problems: string[] = [];
    const read = <T>(name: string, cell: (value: unknown) => T): T | null => {
      try {
        return cell(record[name]);
      } catch (error) {
        if (!(error instanceof UnacceptableValueError)) throw error;
        problems.push(`${name} is ${describe(record[name])}, expected ${error.expected}`);
        return null;
      }
    };
    const row = {
      observationId: read(names.observationId, readId) ?? undefined,
      entityId: read(names.entityId, readId) ?? undefined,
      eventTime: read(names.eventTime, readTime) ?? undefined,
      features: cells.map((cell, index) => read(names.features[index]!, cell)),
      label: read(names.label, label),
    };
    return problems.length > 0 ? problems.join('; ') : row;
  };
}

/** What a cell reader throws; the row's parser turns it into a sentence. */
class UnacceptableValueError extends Error {
  readonly expected: string;

  constructor(expected: string) {
    super(expected);
    this.expected = expected;
  }
}

function cellReader(feature: Feature, takesAnyLevel: boolean): (value: unknown) => FeatureCell {
  if (feature.type === 'category') return categoryReader(feature.levels, takesAnyLevel);
  if (feature.type === 'boolean') return booleanReader(feature.words);
  return numberReader(feature.type, feature.range);
}

function numberReader(type: 'number' | 'integer', range?: readonly [number, number]) {
  const kind = type === 'integer' ? 'an integer' : 'a number';
  const expected = range ? `${kind} from ${range[0]} to ${range[1]}` : kind;
  const accepts = type === 'integer' ? Number.isSafeInteger : Number.isFinite;
  return (value: unknown): number | null => {
    if (isMissing(value) || Number.isNaN(value)) return null;
    const number = toNumber(value);
    if (!accepts(number) || (range && (number < range[0] || number > range[1]))) {
      throw new UnacceptableValueError(expected);
    }
    return number;
  };
}

function categoryReader(levels: readonly string[], takesAnyLevel: boolean) {
  const accepted = new Set(levels);
  const expected = `one of ${levels.map(level => `"${level}"`).join(', ')}`;
  return (value: unknown): string | null => {
    if (isMissing(value)) return null;
    const level = String(value).trim();
    if (!takesAnyLevel && !accepted.has(level)) throw new UnacceptableValueError(expected);
    return level;
  };
}

function booleanReader(words?: { readonly true: string; readonly false: string }) {
  const values = new Map([
    ['true', true],
    ['false', false],
    ...(words
      ? ([
          [words.true, true],
          [words.false, false],
        ] as const)
      : []),
  ]);
  const expected = `one of ${[...values.keys()].map(word => `"${word}"`).join(', ')}`;
  return (value: unknown): boolean | null => {
    if (isMissing(value)) return null;
    const found = values.get(String(value).trim());
    if (found === undefined) throw new UnacceptableValueError(expected);
    return found;
  };
}

function labelReader({ label }: UseCase) {
  return (value: unknown): 0 | 1 | null => {
    if (isMissing(value)) return null;
    const word = String(value).trim();
    if (word === label.positive) return 1;
    if (word === label.negative) return 0;
    throw new UnacceptableValueError(`"${label.positive}", "${label.negative}" or nothing`);
  };
}

const longestId = 256;

function readId(value: unknown): string | undefined {
  if (value === undefined) return undefined;
  const id = isMissing(value) ? '' : String(value).trim();
  if (id.length === 0 || id.length > longestId) throw new UnacceptableValueError(`1 to ${longestId} characters`);
  return id;
}

function readTime(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const time = parseTime(value);
  if (Number.isNaN(time)) throw new UnacceptableValueError(timeWords);
  return time;
}

function describe(value: unknown): string {
  if (isMissing(value)) return 'blank';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
}
