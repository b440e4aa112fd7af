import { calibrateModel } from '../calibration/calibrate-model.ts';
import { logOdds } from '../calibration/log-odds.ts';
import { fitPlattScaling, type PlattScaling } from '../calibration/platt-scaling.ts';
import type { LabelledColumns } from '../columns.ts';
import { type FitOptions, takeGroups } from '../fit-options.ts';
import type { Model } from '../fitted-model.ts';
import { countFolds, splitInner } from '../selection/inner-folds.ts';
import { countClasses, type Resampled } from './classes.ts';
import type { Resampling } from './parameters.ts';
import { resample } from './resample.ts';

/** What a model is fitted on, and how. */
export interface FitResampledOptions {
  readonly resampling: Resampling;
  readonly data: LabelledColumns;
  readonly rows: Int32Array;
  /** Decides what is drawn, and which rows calibrate. */
  readonly seed: number;
  readonly options: FitOptions;
  /** Fits a model on rows that have been resampled. */
  readonly train: (resampled: Resampled, options: FitOptions) => Model;
}

/**
 * Fits a model on resampled rows, and makes up for the shift of its probabilities by Platt scaling: fitted to what models of the other inner folds,
 * resampled likewise, say of rows that are as they were given.
 *
 * @throws {RangeError} when a class has rows of fewer than two groups
 */
export function fitResampled(options: FitResampledOptions): Model {
  const scaling = calibrate(options);
  return calibrateModel(fitOn(options, options.rows, options.options), scaling);
}

/** Rows of the rarer class that are enough for the two numbers of the scaling: no more folds are held than it takes to have them. */
const enough = 200;

function calibrate(options: FitResampledOptions): PlattScaling {
  const { data, rows, seed } = options;
  const { groups, threads } = options.options;
  const labels = Uint8Array.from(rows, row => data.labels[row]!);
  const foldOfRow = splitInner(labels, takeGroups(rows, groups), seed);
  const folds = countFolds(foldOfRow);
  const held = Math.min(folds, Math.ceil((enough * folds) / countClasses(data.labels, rows).minority.length));
  const parts = Array.from({ length: held }, (_, fold) => {
    const model = fitOn(
      options,
      rows.filter((_, i) => foldOfRow[i] !== fold),
      { groups, threads },
    );
    const untouched = rows.filter((_, i) => foldOfRow[i] === fold);
    return { rows: untouched, scores: logOdds(model.predict(data.columns, untouched)) };
  });
  return fitPlattScaling(
    Float64Array.from(parts.flatMap(({ scores }) => [...scores])),
    Uint8Array.from(
      parts.flatMap(part => [...part.rows]),
      row => data.labels[row]!,
    ),
  );
}

function fitOn({ resampling, data, seed, train }: FitResampledOptions, rows: Int32Array, options: FitOptions): Model {
  const resampled = resample(resampling, data, rows, seed);
  return train(resampled, { ...options, groups: groupsOf(resampled, options.groups) });
}

/** A made-up row belongs to the group of the row that it was made from. */
function groupsOf({ sources }: Resampled, groups: FitOptions['groups']): FitOptions['groups'] {
  return sources ? takeGroups(sources, groups) : groups;
}
