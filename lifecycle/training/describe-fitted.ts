import type { Fitted } from '../../ml/fitted-model.ts';
import type { OutOfBag } from '../../ml/random-forest/random-forest.ts';
import { type Importance, importancesOf } from '../../ml/trees/importances.ts';

/** What a fit came to, beyond what its parameters say; each algorithm tells its own part. */
export interface FitSummary {
  /** Inverse of the penalty's strength: as given, or chosen. */
  readonly C?: number;
  /** How many trees there are: early stopping leaves fewer than were asked for. */
  readonly trees?: number;
  /** The features that trees rely on most, ten at most, with their shares of all features' importance. */
  readonly importances?: readonly Importance[];
  /** Of a forest of rows as they are, no two of one entity: what its trees make of rows that they were not grown from. */
  readonly outOfBag?: { readonly rows: number; readonly roc_auc: number; readonly brier: number };
  /** Steps of the solver. */
  readonly iterations?: number;
  /** Whether the solver came to its end by itself. */
  readonly converged?: boolean;
}

/** Describes what an algorithm fitted. */
export function describeFitted(fitted: Fitted): FitSummary {
  return {
    ...('C' in fitted ? { C: fitted.C } : {}),
    ...('trees' in fitted ? { trees: fitted.trees.length, importances: findMostImportant(fitted) } : {}),
    ...('outOfBag' in fitted && !fitted.scaling ? describeOutOfBag(fitted.outOfBag) : {}),
    ...('convergence' in fitted ? fitted.convergence : {}),
  };
}

function findMostImportant({ trees, encoding }: Extract<Fitted, { trees: unknown }>): Importance[] {
  const names = encoding.features.map(({ name }) => name);
  return importancesOf(trees, names)
    .sort((left, right) => right.gain - left.gain)
    .slice(0, 10);
}

function describeOutOfBag({ rows, rocAuc, brierScore }: OutOfBag): Pick<FitSummary, 'outOfBag'> {
  return rows > 0 ? { outOfBag: { rows, roc_auc: rocAuc, brier: brierScore } } : {};
}
