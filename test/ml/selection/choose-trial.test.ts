import { chooseTrial, type EvaluatedTrial } from '../../../ml/selection/choose-trial.ts';

const baseRate = [0.5, 0.5, 0.5, 0.5];
const trial = (algorithm: EvaluatedTrial['algorithm'], leaves: number, ...foldValues: number[]): EvaluatedTrial => ({
  algorithm,
  leaves,
  foldValues,
});
const choose = (...trials: EvaluatedTrial[]) => chooseTrial({ trials, higherIsBetter: true, baseRate });

test('a simpler trial within one standard error of the paired differences is chosen', () => {
  // Differences .01, −.01, .02, 0: mean .005, standard error .0065.
  const choice = choose(
    trial('gradient-boosting', 800, 0.8, 0.7, 0.9, 0.8),
    trial('logistic-regression', 0, 0.79, 0.71, 0.88, 0.8),
  );
  expect(choice).toMatchObject({ chosen: 1, best: 0 });
  expect(choice!.comparisons[1]!.shortfall).toBeCloseTo(0.005, 12);
  expect(choice!.comparisons[1]!.standardError).toBeCloseTo(Math.sqrt(0.0005 / 3 / 4), 12);
});

test('a simpler trial that is worse on every fold alike is not chosen, however much the folds differ', () => {
  const choice = choose(
    trial('gradient-boosting', 800, 0.9, 0.6, 0.8, 0.7),
    trial('logistic-regression', 0, 0.89, 0.59, 0.79, 0.69),
  );
  expect(choice).toMatchObject({ chosen: 0, best: 0 });
  expect(choice!.comparisons[1]!.eligible).toBe(false);
});

test('among equally good trials the order is logistic, trees by leaves, boosted before forest, support vectors', () => {
  const values = [0.8, 0.7, 0.9, 0.8];
  const order = [
    trial('logistic-regression', 0, ...values),
    trial('random-forest', 100, ...values),
    trial('gradient-boosting', 200, ...values),
    trial('random-forest', 200, ...values),
    trial('support-vector', 0, ...values),
  ];
  for (let first = 0; first < order.length; first++) {
    const rest = order.slice(first).toReversed();
    expect(choose(...rest)!.chosen).toBe(rest.length - 1);
  }
});

test('of equally simple trials the better is chosen', () => {
  const choice = choose(
    trial('logistic-regression', 0, 0.79, 0.71, 0.88, 0.8),
    trial('logistic-regression', 0, 0.8, 0.7, 0.9, 0.8),
  );
  expect(choice!.chosen).toBe(1);
});

test('a metric of which less is better is turned round', () => {
  const choice = chooseTrial({
    trials: [trial('logistic-regression', 0, 0.5, 0.52), trial('gradient-boosting', 10, 0.4, 0.42)],
    higherIsBetter: false,
    baseRate: [0.6, 0.6],
  });
  expect(choice).toMatchObject({ chosen: 1, best: 1 });
  expect(choice!.comparisons[0]!.shortfall).toBeCloseTo(0.1, 12);
});

test('a trial that does not beat the base rate, or has an undefined fold, is never chosen', () => {
  const [coin, undefinedOnce] = [
    trial('logistic-regression', 0, 0.5, 0.5, 0.49, 0.5),
    trial('logistic-regression', 0, 0.9, Number.NaN, 0.9, 0.9),
  ];
  expect(choose(coin, undefinedOnce)).toBeUndefined();
  expect(choose()).toBeUndefined();
  // Spread wide enough that the coin lies within a standard error of the best.
  const lucky = trial('gradient-boosting', 10, 0.9, 0.3, 0.5, 0.4);
  expect(choose(coin, undefinedOnce, lucky)!.chosen).toBe(2);
});

test('trials of other folds are refused', () => {
  expect(() => choose(trial('logistic-regression', 0, 0.8))).toThrow('Cannot compare 1 folds with the base rate');
});
