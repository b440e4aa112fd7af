import { sigmoid } from '../../ml/arithmetic/sigmoid.ts';
import { type FeatureColumn, type LabelledColumns, missingCode, unseenCode } from '../../ml/columns.ts';
import { createRandom } from '../../ml/random.ts';

/** Rows with every kind of feature, missing values and unseen levels among them, and labels that depend on them. */
export function makeUpRows(rows: number, seed: number): LabelledColumns {
  const random = createRandom(seed);
  const orMissing = (value: number, missing: number) => (random.uniform() < 0.05 ? missing : value);
  const age = new Float32Array(rows);
  const balance = new Float32Array(rows);
  const contacted = new Float32Array(rows);
  const job = new Int32Array(rows);
  const month = new Int32Array(rows);
  const labels = new Uint8Array(rows);
  for (let row = 0; row < rows; row++) {
    age[row] = orMissing(18 + random.integer(70), Number.NaN);
    balance[row] = orMissing(1500 + 3000 * random.normal(), Number.NaN);
    contacted[row] = random.integer(2);
    job[row] = random.uniform() < 0.02 ? unseenCode : orMissing(random.integer(3), missingCode);
    month[row] = orMissing(random.integer(4) % 3, missingCode);
    const margin = (age[row]! - 50) / 30 + balance[row]! / 5000 + contacted[row]! - 1 + (job[row] === 0 ? 1 : 0);
    labels[row] = random.uniform() < sigmoid(Number.isNaN(margin) ? 0 : margin) ? 1 : 0;
  }
  const columns: FeatureColumn[] = [
    { kind: 'number', name: 'age', values: age },
    { kind: 'category', name: 'job', levels: ['clerk', 'farmer', 'nurse'], codes: job },
    { kind: 'number', name: 'balance', values: balance },
    { kind: 'number', name: 'contacted', values: contacted },
    { kind: 'category', name: 'month', levels: ['may', 'june', 'july', 'never'], codes: month },
  ];
  return { columns, labels };
}

/** The numbers from `first` to before `end`. */
export function range(first: number, end: number): Int32Array {
  return Int32Array.from({ length: end - first }, (_, i) => first + i);
}
