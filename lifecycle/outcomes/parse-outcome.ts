import type { UseCase } from '../../use-cases/define-use-case.ts';
import { isMissing } from '../datasets/cell-values.ts';
import { parseTime, timeWords } from '../datasets/parse-time.ts';
import { longestText } from '../inference/accepted-values.ts';
import { timeOfPredictionId } from '../predictions/prediction-id.ts';
import type { Outcome } from './outcome.ts';

/** Under which names an outcome's values stand. */
export type OutcomeFields = Readonly<Record<'predictionId' | 'observationId' | 'label' | 'observedAt', string>>;

/** What a parsed outcome says. */
export type ParsedOutcome = Pick<Outcome, 'predictionId' | 'observationId' | 'label' | 'observedAt'>;

/** Reads an outcome, or says in one text everything that is wrong with it. */
export type OutcomeParser = (record: Readonly<Record<string, unknown>>) => ParsedOutcome | string;

/**
 * Makes the parser of a use case's outcomes.
 *
 * @param latest the latest instant that one may have been observed at
 */
export function createOutcomeParser(useCase: UseCase, fields: OutcomeFields, latest: Date): OutcomeParser {
  const labels = labelWords(useCase);
  return record => {
    const problems: string[] = [];
    const report = (field: keyof OutcomeFields, expected: string) => {
      problems.push(`${fields[field]} is ${show(record[fields[field]])}, expected ${expected}`);
    };
    const predictionId = readId(record[fields.predictionId]);
    const observationId = readId(record[fields.observationId]);
    if ((predictionId === null) === (observationId === null)) {
      problems.push(`expected either ${fields.predictionId} or ${fields.observationId}`);
    }
    if (predictionId !== null && !timeOfPredictionId(predictionId.toLowerCase())) {
      report('predictionId', 'an id that a prediction was answered with');
    }
    if (observationId !== null && observationId.length > longestText) {
      report('observationId', `at most ${longestText} characters`);
    }
    const label = labels.get(wordOf(record[fields.label]));
    if (label === undefined) report('label', [...labels.keys()].map(word => `"${word}"`).join(', '));
    const observedAt = parseTime(record[fields.observedAt]);
    if (Number.isNaN(observedAt)) report('observedAt', timeWords);
    else if (observedAt > latest.getTime()) report('observedAt', 'no time in the future');
    if (problems.length > 0) return problems.join('; ');
    return {
      predictionId: predictionId?.toLowerCase() ?? null,
      observationId,
      label: label!,
      observedAt: new Date(observedAt).toISOString(),
    };
  };
}

/** Accepted labels by word; the use case's own words go before `0` and `1`, `false` and `true`. */
function labelWords({ label: { positive, negative } }: UseCase): ReadonlyMap<string, 0 | 1> {
  return new Map<string, 0 | 1>([
    ...([
      ['true', 1],
      ['false', 0],
      ['1', 1],
      ['0', 0],
    ] as const),
    [positive, 1],
    [negative, 0],
  ]);
}

function wordOf(value: unknown): string {
  return isMissing(value) || typeof value === 'object' ? '' : String(value).trim();
}

function readId(value: unknown): string | null {
  return isMissing(value) || typeof value === 'object' ? null : String(value).trim();
}

function show(value: unknown): string {
  if (isMissing(value)) return 'blank';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return `"${text.length > 60 ? `${text.slice(0, 60)}…` : text}"`;
}
