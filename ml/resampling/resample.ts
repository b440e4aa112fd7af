import type { LabelledColumns } from '../columns.ts';
import { checkParameters } from '../parameters.ts';
import { createRandom } from '../random.ts';
import { countClasses, type Resampled } from './classes.ts';
import { type Resampling, ratioTable, smoteTable } from './parameters.ts';
import { oversample, undersample } from './random-sampling.ts';
import { synthesize } from './smote.ts';

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
  if (resampling.method === 'smote') {
    return synthesize(checkParameters(smoteTable, resampling), data, rows, classes, random);
  }
  const { ratio } = checkParameters(ratioTable, resampling);
  const drawn =
    resampling.method === 'undersample'
      ? undersample(classes, ratio, random)
      : oversample(rows, classes, ratio, random);
  return { data, rows: drawn };
}
