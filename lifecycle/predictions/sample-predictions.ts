import type { LoggedPrediction } from '../../contracts/http.ts';

/** Picks a part of a stream of predictions, with no more memory than the part takes. */
export interface PredictionSample {
  add(prediction: LoggedPrediction): void;
  /** At most `size` of those added. */
  rows(): LoggedPrediction[];
}

/** Begins a sample of those predictions whose ids' random parts are the smallest: each is as likely, and the same ones are picked again whatever their order. */
export function samplePredictions(size: number): PredictionSample {
  const kept: LoggedPrediction[] = [];

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

function randomPart({ predictionId }: LoggedPrediction): string {
  return predictionId.slice('xxxxxxxx-xxxx-7xxx-x'.length);
}
