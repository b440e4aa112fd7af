import { writeFileSync } from 'node:fs';
import { createRandom } from '../../../ml/random.ts';

/** How a file of made-up clients is written. */
export interface ClientsOptions {
  readonly rows: number;
  readonly seed: number;
  /** @default ';' */
  readonly delimiter?: string;
  /** Changes a row before it is written. */
  readonly change?: (client: Record<string, string>, row: number) => Record<string, string>;
}

/**
 * Writes a file of made-up clients who say yes or no: an identifier, an integer and a number with a blank in every tenth row, categories, one of them a
 * number. The answer depends on income, job and region.
 */
export function writeClients(path: string, { rows, seed, delimiter = ';', change = client => client }: ClientsOptions) {
  const random = createRandom(seed);
  const clients = Array.from({ length: rows }, (_, row) => {
    const job = jobs[random.integer(jobs.length)]!;
    const region = random.integer(4);
    const income = 20 + 10 * random.normal();
    const margin = (income - 20) / 8 + (job === 'nurse' ? 1.5 : 0) + (region === 2 ? 1 : -0.5);
    return change(
      {
        client: `client-${seed}-${row}`,
        age: String(18 + random.integer(60)),
        income: row % 10 === 3 ? ' ' : income.toFixed(2),
        job,
        owner: random.integer(2) === 0 ? 'yes' : 'no',
        region: String(region),
        answer: margin + random.normal() > 0 ? 'yes' : 'no',
      },
      row,
    );
  });
  const header = Object.keys(clients[0]!);
  const lines = [header, ...clients.map(client => Object.values(client))].map(fields => fields.join(delimiter));
  writeFileSync(path, `${lines.join('\n')}\n`);
}

const jobs = ['clerk', 'farmer', 'nurse'];
