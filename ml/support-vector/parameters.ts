import { type ClassWeight, isClassWeight } from '../class-weight.ts';

/** Parameters of a support-vector machine, named and meant as in scikit-learn's SVC. */
export interface SupportVectorParameters {
  /** @default - 'rbf' */
  readonly kernel?: 'linear' | 'rbf';
  /** Price of a row on the wrong side; above 0. @default - 1 */
  readonly C?: number;
  /** Width of the RBF kernel: a number above 0, 'scale' = 1 / (columns · variance of all encoded values) or 'auto' = 1 / columns. @default - 'scale' */
  readonly gamma?: 'scale' | 'auto' | number;
  /** Steps of the solver at most; −1: any number. @default - -1 */
  readonly maxIter?: number;
  /** Violation of optimality at which the solver stops. @default - 1e-3 */
  readonly tolerance?: number;
  /** @default - every row counts 1 */
  readonly classWeight?: ClassWeight;
}

/** Parameters with nothing but the class weight left out. */
export type CompleteParameters = Required<Omit<SupportVectorParameters, 'classWeight'>> &
  Pick<SupportVectorParameters, 'classWeight'>;

/** Fills in the defaults. @throws {RangeError} naming every parameter that is out of range */
export function completeParameters(parameters: SupportVectorParameters): CompleteParameters {
  const complete: CompleteParameters = { ...defaults, ...parameters };
  const problems = findProblems(complete);
  if (problems.length > 0) throw new RangeError(`Cannot fit a support-vector machine: ${problems.join('; ')}`);
  return complete;
}

const defaults = { kernel: 'rbf', C: 1, gamma: 'scale', maxIter: -1, tolerance: 1e-3 } as const;

function findProblems({ kernel, C, gamma, maxIter, tolerance, classWeight }: CompleteParameters): string[] {
  const problems: string[] = [];
  const expect = (holds: boolean, problem: string) => {
    if (!holds) problems.push(problem);
  };
  expect(kernel === 'linear' || kernel === 'rbf', `kernel is ${kernel}, expected linear or rbf`);
  expect(isPositive(C), `C is ${C}, expected a finite number above 0`);
  expect(
    gamma === 'scale' || gamma === 'auto' || isPositive(gamma),
    `gamma is ${gamma}, expected scale, auto or a finite number above 0`,
  );
  expect(
    Number.isSafeInteger(maxIter) && (maxIter === -1 || maxIter > 0),
    `maxIter is ${maxIter}, expected an integer above 0, or -1 for no limit`,
  );
  expect(isPositive(tolerance), `tolerance is ${tolerance}, expected a finite number above 0`);
  expect(
    classWeight === undefined || isClassWeight(classWeight),
    `classWeight is ${JSON.stringify(classWeight)}, expected balanced or finite weights above 0`,
  );
  return problems;
}

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && value > 0 && value < Number.POSITIVE_INFINITY;
}
