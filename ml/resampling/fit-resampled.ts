import { calibrateModel, predictLogOdds } from '../calibration/calibrate-model.ts';
import { fitPlattScaling, type PlattScaling } from '../calibration/platt-scaling.ts';
import type { LabelledColumns } from '../columns.ts';
import { type FitOptions, takeGroups } from '../fit-options.ts';
import type { Model } from '../fitted-model.ts';
import { keepAside } from '../gradient-boosting/keep-aside.ts';
import { countFolds, splitInner } from '../selection/inner-folds.ts';
import { appendRows } from './append-rows.ts';
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
  /** Share of the rows that stay as they are, to tell when a fit that can stop early should. @default - none */
  readonly validationShare?: number | undefined;
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
    return { rows: untouched, scores: predictLogOdds(model, data.columns, untouched) };
  });
  return fitPlattScaling(
    Float64Array.from(parts.flatMap(({ scores }) => [...scores])),
    Uint8Array.from(
      parts.flatMap(part => [...part.rows]),
      row => data.labels[row]!,
    ),
  );
}

function fitOn(options: FitResampledOptions, rows: Int32Array, fitOptions: FitOptions): Model {
  const { resampling, data, seed, train, validationShare } = options;
  const { groups } = fitOptions;
  const labels = Uint8Array.from(rows, row => data.labels[row]!);
  const isAside = validationShare && keepAside(labels, rows, groups, validationShare, seed);
  if (!isAside) {
    const resampled = resample(resampling, data, rows, seed);
    return train(resampled, { ...fitOptions, groups: groupsOf(resampled, groups) });
  }
  // What tells when to stop must not have helped to make up a row, nor lie among made-up ones.
  const held = rows.filter((_, i) => isAside[i] === 1);
  const resampled = resample(
    resampling,
    data,
    rows.filter((_, i) => isAside[i] === 0),
    seed,
  );
  return train(...setAside(resampled, data, held, fitOptions));
}

/** Joins resampled rows with untouched ones, which count as if the classes were as common among them. */
function setAside(
  { data, rows, sources }: Resampled,
  given: LabelledColumns,
  held: Int32Array,
  options: FitOptions,
): [Resampled, FitOptions] {
  const joined = sources ? appendRows(data, given, held) : data;
  const asideRows = sources ? held.map((_, i) => data.labels.length + i) : held;
  const weights = { negative: 1, positive: oddsOf(data.labels, rows) / oddsOf(given.labels, held) };
  return [
    { data: joined, rows },
    { ...options, groups: undefined, aside: { rows: asideRows, weights } },
  ];
}

/** Positives for one negative. */
function oddsOf(labels: Uint8Array, rows: Int32Array): number {
  const positives = rows.reduce((sum, row) => sum + labels[row]!, 0);
  return positives / (rows.length - positives);
}

/** A made-up row belongs to the group of the row that it was made from. */
function groupsOf({ sources }: Resampled, groups: FitOptions['groups']): FitOptions['groups'] {
  return sources ? takeGroups(sources, groups) : groups;
}
