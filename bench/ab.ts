import { parseArgs } from 'node:util';
import { createRandom, type Random } from '../ml/random.ts';
import { differenceInterval, variancePerUnit } from '../ml/sequential/confidence-sequence.ts';
import { addToMoments, type Moments, noMoments } from '../ml/sequential/moments.ts';
import { requiredUnits } from '../ml/sequential/power.ts';
import { testSampleRatio } from '../ml/sequential/sample-ratio.ts';

/** What units are worth, and how they are spread. */
interface Scenario {
  /** Share of the units that the challenger gets. */
  readonly share: number;
  /** Value of a unit; `lift` raises its mean by that much. */
  readonly draw: (random: Random, lift: number) => number;
  /** Smallest difference that matters. */
  readonly effect: number;
}

/** Profit of a call: half of the clients are called, of whom every fifth subscribes. */
const profit: Scenario['draw'] = (random, lift) => {
  if (random.uniform() >= 0.5) return 0;
  return random.uniform() < 0.2 + lift / 3 ? 5 : -1;
};

const label =
  (rate: number): Scenario['draw'] =>
  (random, lift) =>
    random.uniform() < rate + lift ? 1 : 0;

const scenarios: Readonly<Record<string, Scenario>> = {
  profit: { share: 0.5, draw: profit, effect: 0.3 },
  profit_tenth: { share: 0.1, draw: profit, effect: 0.3 },
  label: { share: 0.5, draw: label(0.1), effect: 0.03 },
  rare_label: { share: 0.5, draw: label(0.01), effect: 0.01 },
};

/**
 * Simulates A/B tests that are looked at after every unit. A/A: how often one ever ends with a verdict, or finds its units spread otherwise than they are.
 * A/B: how often one whose true effect is the smallest that matters has found it at the size that its own first power hint gave.
 */
export default async function ab(options: string[]): Promise<object> {
  const { values } = parseArgs({
    args: options,
    options: {
      experiments: { type: 'string', default: '1000' },
      units: { type: 'string', default: '10000' },
      seed: { type: 'string', default: '1' },
    },
  });
  const experiments = Number(values.experiments);
  const units = Number(values.units);
  const random = createRandom(Number(values.seed));
  const figures: Record<string, number> = {};
  for (const [name, scenario] of Object.entries(scenarios)) {
    const same = repeat(experiments, () => runSame(random, scenario, units));
    figures[`${name}_false_verdicts_percent`] = percent(same, ({ verdict }) => verdict !== 'none');
    figures[`${name}_false_mismatches_percent`] = percent(same, ({ isMismatch }) => isMismatch);
    const better = repeat(experiments, () => runBetter(random, scenario));
    figures[`${name}_hinted_units`] = Math.round(better.reduce((sum, { size }) => sum + size, 0) / experiments);
    figures[`${name}_power_percent`] = percent(better, ({ verdict }) => verdict === 'better');
  }
  return { experiments, units, looks: 'after every unit', ...figures };
}

/** Values of the champion's units and of the challenger's. */
type Arms = [Moments, Moments];
type Verdict = 'better' | 'worse' | 'none';

/** An A/A test of so many units: the first verdict that its interval gave, and whether its units were ever found spread otherwise than they are. */
function runSame(random: Random, scenario: Scenario, units: number): { verdict: Verdict; isMismatch: boolean } {
  const { share } = scenario;
  const arms: Arms = [noMoments, noMoments];
  let verdict: Verdict = 'none';
  let isMismatch = false;
  for (let unit = 0; unit < units; unit++) {
    addUnit(random, scenario, arms, 0);
    if (verdict === 'none') verdict = look(arms);
    isMismatch ||= testSampleRatio([arms[0].count, arms[1].count], [1 - share, share]).isMismatch;
  }
  return { verdict, isMismatch };
}

/** An A/B test that ends with its first verdict, or at the size that was hinted once there was an interval. */
function runBetter(random: Random, scenario: Scenario): { verdict: Verdict; size: number } {
  const { effect } = scenario;
  const arms: Arms = [noMoments, noMoments];
  let size: number | undefined;
  let verdict: Verdict = 'none';
  for (let unit = 1; verdict === 'none' && unit <= (size ?? unit); unit++) {
    addUnit(random, scenario, arms, effect);
    verdict = look(arms);
    if (size === undefined && differenceInterval(arms[1], arms[0])) {
      size = requiredUnits({ effect, variancePerUnit: variancePerUnit(arms[1], arms[0]) });
    }
  }
  return { verdict, size: size! };
}

function addUnit(random: Random, { share, draw }: Scenario, arms: Arms, lift: number): void {
  const arm = random.uniform() < share ? 1 : 0;
  arms[arm] = addToMoments(arms[arm], draw(random, arm === 1 ? lift : 0));
}

function look([control, treated]: Arms): Verdict {
  const interval = differenceInterval(treated, control);
  if (!interval) return 'none';
  return interval.low > 0 ? 'better' : interval.high < 0 ? 'worse' : 'none';
}

function repeat<Run>(times: number, act: () => Run): Run[] {
  return Array.from({ length: times }, act);
}

function percent<Run>(runs: readonly Run[], counts: (run: Run) => boolean): number {
  return (100 * runs.filter(counts).length) / runs.length;
}
