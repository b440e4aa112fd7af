import { parseArgs } from 'node:util';
import { compareAccuracy } from './training/accuracy.ts';
import { compareForests, compareLogistic } from './training/compare-on-files.ts';
import { checkDeterminism } from './training/determinism.ts';
import { measureScale } from './training/scale.ts';
import { compareSpeed } from './training/speed.ts';

/**
 * Trains in turn with XGBoost and scikit-learn where the system's Python has them (Debian: `python3-xgboost`, `python3-sklearn`), and says so where it has
 * not. One line a comparison; `--part` picks parts by their names.
 */
export default async function* train(options: string[]): AsyncGenerator<object> {
  const { values } = parseArgs({
    args: options,
    options: {
      part: { type: 'string', multiple: true },
      rows: { type: 'string', default: '50000,200000,500000' },
      threads: { type: 'string', default: '1,2' },
      rounds: { type: 'string', default: '5' },
      scale: { type: 'string', default: '50000,100000,200000,500000,1000000' },
      data: { type: 'string', default: '../shared/data' },
    },
  });
  const numbers = (list: string) => list.split(',').map(Number);
  const threads = numbers(values.threads);
  const rounds = Number(values.rounds);
  const parts = {
    speed: () => compareSpeed(numbers(values.rows), threads, rounds),
    scale: () => measureScale(numbers(values.scale), threads),
    accuracy: () => compareAccuracy(values.data, Math.max(...threads)),
    logistic: () => compareLogistic(values.data, rounds),
    forest: () => compareForests(values.data, threads, rounds),
    determinism: () => checkDeterminism(threads),
  };
  const names = Object.keys(parts) as (keyof typeof parts)[];
  for (const part of values.part ?? []) {
    if (!(part in parts)) throw new RangeError(`Cannot run part "${part}": expected one of ${names.join(', ')}`);
  }
  for (const name of names) if (!values.part || values.part.includes(name)) yield* parts[name]();
}
