import { exp } from '../arithmetic/exp.ts';
import { log } from '../arithmetic/log.ts';
import { logFactorial } from '../arithmetic/log-factorial.ts';
import { log1p } from '../arithmetic/log1p.ts';
import type { Random } from '../random.ts';

// Looked up once: where tests run, each look at a global costs more than a draw.
const { abs, floor, sqrt } = Math;

/**
 * Draws how many of `trials` succeed, exactly: by inversion where few do, else by transformed rejection (Hörmann, "The generation of binomial random
 * variates", 1993, algorithm BTRS).
 *
 * @param probability in [0, 1]
 */
export function drawBinomial(trials: number, probability: number, random: Random): number {
  if (probability > 0.5) return trials - drawBinomial(trials, 1 - probability, random);
  if (trials === 0 || probability <= 0) return 0;
  return trials * probability < 10 ? invert(trials, probability, random) : reject(trials, probability, random);
}

/** Walks up the distribution from 0. */
function invert(trials: number, probability: number, random: Random): number {
  const odds = probability / (1 - probability);
  let mass = exp(trials * log1p(-probability));
  let rest = random.uniform();
  let successes = 0;
  while (rest > mass && successes < trials) {
    rest -= mass;
    successes += 1;
    mass *= (odds * (trials - successes + 1)) / successes;
  }
  return successes;
}

function reject(trials: number, probability: number, random: Random): number {
  const spread = sqrt(trials * probability * (1 - probability));
  const b = 1.15 + 2.53 * spread;
  const a = -0.0873 + 0.0248 * b + 0.01 * probability;
  const center = trials * probability + 0.5;
  const squeeze = 0.92 - 4.2 / b;
  for (;;) {
    const u = random.uniform() - 0.5;
    const v = random.uniform();
    const distance = 0.5 - abs(u);
    const successes = floor(((2 * a) / distance + b) * u + center);
    if (distance >= 0.07 && v <= squeeze) return successes;
    if (successes < 0 || successes > trials) continue;
    const height = log((v * (2.83 + 5.1 / b) * spread) / (a / (distance * distance) + b));
    if (height <= logRatioToMode(trials, probability, successes)) return successes;
  }
}

/** ln of how likely `successes` are, relatively to the likeliest number. */
function logRatioToMode(trials: number, probability: number, successes: number): number {
  const mode = floor((trials + 1) * probability);
  return (
    logFactorial(mode) +
    logFactorial(trials - mode) -
    logFactorial(successes) -
    logFactorial(trials - successes) +
    (successes - mode) * log(probability / (1 - probability))
  );
}
