import type { LoggedPrediction } from '../../contracts/http.ts';

/** What a sample goes by. */
type Identified = Pick<LoggedPrediction, 'predictionId'>;

/** Picks a part of a stream of predictions, with no more memory than the part takes. */
export interface PredictionSample<Prediction extends Identified> {
  add(prediction: Prediction): void;
  /** At most `size` of those added. */
  rows(): Prediction[];
}

/** Begins a sample of those predictions whose ids' random parts are the smallest: each is as likely, and the same ones are picked again whatever their order. */
export function samplePredictions<Prediction extends Identified>(size: number): PredictionSample<Prediction> {
  const kept: Prediction[] = [];

  function cut(): void {
    kept.sort((left, right) => (randomPart(left) < randomPart(right) ? -1 : 1));
    kept.length = Math.min(kept.length, size);
  }

  return {
    add(prediction) {
      kept.push(prediction);
      if (kept.length >= 2 * size) cut();
    },
    rows() {
      cut();
      return [...kept];
    },
  };
}

const randomFrom = 'xxxxxxxx-xxxx-7xxx-x'.length;

function randomPart({ predictionId }: Identified): string {
  return predictionId.slice(randomFrom);
}

/** The random part of an id in SQL, by which a sample of the archive picks the same ones. */
export const randomPartSql = `substr(prediction_id, ${randomFrom + 1})`;
