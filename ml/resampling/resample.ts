import type { LabelledColumns } from '../columns.ts';
import { createRandom } from '../random.ts';
import { countClasses, type Resampled } from './classes.ts';
import { oversample, undersample } from './random-sampling.ts';
import { type SmoteParameters, synthesize } from './smote.ts';

/** A way to change the share of the rarer class among the rows that a model is fitted on. */
export type Resampling =
  | ({ readonly method: 'smote' } & SmoteParameters)
  | {
      /** Drops rows of the commoner class, or repeats rows of the rarer one. */
      readonly method: 'undersample' | 'oversample';
      /** Rows of the rarer class for one of the commoner, in (0, 1]; nothing happens where it is reached already. @default - 1 */
      readonly ratio?: number;
    };

/**
 * Resamples training rows. A model fitted on them has shifted probabilities: calibrate it on rows that are neither resampled nor fitted.
 *
 * @param rows the only rows looked at
 * @param seed decides what is drawn
 * @throws {RangeError} when the rows are of one class, or a parameter is out of range
 */
export function resample(resampling: Resampling, data: LabelledColumns, rows: Int32Array, seed: number): Resampled {
  const classes = countClasses(data.labels, rows);
  const random = createRandom(seed);
  if (resampling.method === 'smote') return synthesize(resampling, data, rows, classes, random);
  const { ratio = 1 } = resampling;
  if (!(ratio > 0 && ratio <= 1)) throw new RangeError(`ratio is ${ratio}, expected a number above 0, at most 1`);
  const drawn =
    resampling.method === 'undersample'
      ? undersample(classes, ratio, random)
      : oversample(rows, classes, ratio, random);
  return { data, rows: drawn };
}
