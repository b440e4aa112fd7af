/** How far a fit had come after so many iterations: trees, or steps of a solver. All figures are means over rows. */
export interface CurvePoint {
  /** From 1. */
  readonly iteration: number;
  /** Log loss of fitted rows, of a logistic regression with its penalty. */
  readonly training?: number;
  /** Log loss of the rows that early stopping keeps aside. */
  readonly validation?: number;
  /** Brier score of the rows that trees were not grown from. */
  readonly outOfBag?: number;
}

/** Told of points on the way of a fit, each as soon as it is reached. */
export type IterationListener = (point: CurvePoint) => void;

/**
 * The mean of several fits' curves, thinned to so many points at most. Where some fits have ended, the others go on.
 *
 * @param limit two or more; the last point is always kept
 */
export function summarizeCurves(curves: readonly (readonly CurvePoint[])[], limit: number): CurvePoint[] {
  const byIteration = Map.groupBy(curves.flat(), ({ iteration }) => iteration);
  const iterations = [...byIteration.keys()].sort((a, b) => a - b);
  return thin(iterations, limit).map(iteration => meanPoint(iteration, byIteration.get(iteration)!));
}

/** Evenly spread entries, the last among them. */
function thin(iterations: readonly number[], limit: number): number[] {
  const { length } = iterations;
  if (length <= limit) return [...iterations];
  return Array.from({ length: limit }, (_, i) => iterations[Math.floor(((i + 1) * length) / limit) - 1]!);
}

function meanPoint(iteration: number, points: readonly CurvePoint[]): CurvePoint {
  const mean = (name: 'training' | 'validation' | 'outOfBag') => {
    const values = points.flatMap(point => point[name] ?? []);
    return values.length > 0 ? { [name]: values.reduce((sum, value) => sum + value, 0) / values.length } : {};
  };
  return { iteration, ...mean('training'), ...mean('validation'), ...mean('outOfBag') };
}
