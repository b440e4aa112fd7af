import { writeFileSync } from 'node:fs';
import { fileColumns } from '../../lifecycle/datasets/parse-row.ts';
import { createRandom } from '../../ml/random.ts';
import bankMarketing from '../../use-cases/bank-marketing.ts';
import { drawRow } from '../../use-cases/draw-row.ts';

/** Writes made-up bank clients as UCI publishes the real ones: `;`-separated, quoted, without id, client and date. */
export function writeBankFile(path: string, { rows, seed }: { readonly rows: number; readonly seed: number }): void {
  const random = createRandom(seed);
  const { features, label } = fileColumns(bankMarketing);
  const lines = Array.from({ length: rows }, () => {
    const row = drawRow(bankMarketing.source.synthetic, random);
    const values = Object.entries(bankMarketing.features).map(([name, feature]) => {
      const value = row.features[name]!;
      return feature.type === 'boolean' && feature.words ? feature.words[value ? 'true' : 'false'] : value;
    });
    return [...values, bankMarketing.label[row.label ? 'positive' : 'negative']].map(cell).join(';');
  });
  writeFileSync(path, `${[[...features, label].map(cell).join(';'), ...lines].join('\n')}\n`);
}

function cell(value: unknown): string {
  return typeof value === 'string' ? `"${value}"` : String(value);
}
