/** An algorithm with parameters, evaluated on folds. */
export interface EvaluatedTrial {
  readonly algorithm: 'logistic-regression' | 'gradient-boosting' | 'random-forest' | 'support-vector';
  /** Leaves of all trees together; 0 for a model without trees. */
  readonly leaves: number;
  /** The metric on each fold; the same folds for all trials. */
  readonly foldValues: readonly number[];
}

/** What to choose from, and how. */
export interface ChooseTrialOptions {
  readonly trials: readonly EvaluatedTrial[];
  readonly higherIsBetter: boolean;
  /** The metric of predicting the base rate on each fold. */
  readonly baseRate: readonly number[];
}

/** How a trial compares with the best one. */
export interface TrialComparison {
  /** Mean over folds of how much better the best trial is; 0 or above. */
  readonly shortfall: number;
  /** Standard error of that mean, from the spread of the folds' own differences. */
  readonly standardError: number;
  /** Whether the trial may be chosen: it beats the base rate, and its shortfall is at most one standard error. */
  readonly eligible: boolean;
}

/** The chosen trial and why. Trials are known by their place. */
export interface TrialChoice {
  readonly chosen: number;
  /** The trial of the best mean. */
  readonly best: number;
  readonly comparisons: readonly TrialComparison[];
}

/**
 * Chooses the simplest trial that is no worse than the best by more than one standard error. Differences are taken fold by fold, so that what makes a
 * fold hard for all cancels. Logistic regression is simpler than trees, and those than a support-vector machine; among trees fewer leaves are simpler,
 * and boosted ones than a forest of as many. Of equally simple ones the better is chosen.
 *
 * @returns nothing when no trial beats the base rate
 * @throws {RangeError} when the trials were evaluated on other numbers of folds
 */
export function chooseTrial({ trials, higherIsBetter, baseRate }: ChooseTrialOptions): TrialChoice | undefined {
  const folds = baseRate.length;
  for (const { foldValues } of trials) {
    if (foldValues.length !== folds) {
      throw new RangeError(
        `Cannot compare ${foldValues.length} folds with the base rate's ${folds}: expected the same folds`,
      );
    }
  }
  const sign = higherIsBetter ? 1 : -1;
  const means = trials.map(({ foldValues }) => sign * mean(foldValues));
  // A metric that is NaN on a fold compares as false.
  const candidates = [...trials.keys()].filter(i => means[i]! > sign * mean(baseRate));
  const best = firstBy(candidates, (a, b) => means[b]! - means[a]!);
  if (best === undefined) return undefined;
  const comparisons = trials.map((trial, i) => {
    const differences = trial.foldValues.map((value, fold) => sign * (trials[best]!.foldValues[fold]! - value));
    const comparison = { shortfall: mean(differences), standardError: standardError(differences) };
    return { ...comparison, eligible: candidates.includes(i) && comparison.shortfall <= comparison.standardError };
  });
  const eligible = candidates.filter(i => i === best || comparisons[i]!.eligible);
  const chosen = firstBy(eligible, (a, b) => compareSimplicity(trials[a]!, trials[b]!) || means[b]! - means[a]!);
  return { chosen: chosen!, best, comparisons };
}

/** Below 0 when `a` is simpler. */
function compareSimplicity(a: EvaluatedTrial, b: EvaluatedTrial): number {
  return ranks[a.algorithm] - ranks[b.algorithm] || a.leaves - b.leaves || orderOf(a) - orderOf(b);
}

const ranks = { 'logistic-regression': 0, 'gradient-boosting': 1, 'random-forest': 1, 'support-vector': 2 } as const;

function orderOf({ algorithm }: EvaluatedTrial): number {
  return algorithm === 'random-forest' ? 1 : 0;
}

/** The first in an order; of equals the one that comes first. */
function firstBy(places: readonly number[], compare: (a: number, b: number) => number): number | undefined {
  return places.toSorted(compare)[0];
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Of the mean; 0 of a single value. */
function standardError(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const center = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - center) * (value - center), 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
