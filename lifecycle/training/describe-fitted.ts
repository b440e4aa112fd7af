import type { Fitted } from '../../ml/fitted-model.ts';

/** What a fit came to, beyond what its parameters say; each algorithm tells its own part. */
export interface FitSummary {
  /** Inverse of the penalty's strength: as given, or chosen. */
  readonly C?: number;
  /** How many trees there are: early stopping leaves fewer than were asked for. */
  readonly trees?: number;
  /** Steps of the solver. */
  readonly iterations?: number;
  /** Whether the solver came to its end by itself. */
  readonly converged?: boolean;
}

/** Describes what an algorithm fitted. */
export function describeFitted(fitted: Fitted): FitSummary {
  return {
    ...('C' in fitted ? { C: fitted.C } : {}),
    ...('trees' in fitted ? { trees: fitted.trees.length } : {}),
    ...('convergence' in fitted ? fitted.convergence : {}),
  };
}
