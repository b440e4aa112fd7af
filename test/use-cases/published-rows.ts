import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRowParser } from '../../lifecycle/datasets/parse-row.ts';
import { readCsv } from '../../lifecycle/datasets/read-csv.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import type { SyntheticRow } from '../../use-cases/draw-row.ts';

const folder = process.env.PUBLISHED_DATA ?? fileURLToPath(new URL('../../../shared/data', import.meta.url));

/** Path of a published file where someone has put it beside the repository. */
export function publishedFile(name: string): string | undefined {
  const path = join(folder, name);
  return existsSync(path) ? path : undefined;
}

/** Reads a published file as ingest would: rows as the source draws them, or what is wrong with one. */
export async function readPublishedRows(path: string, useCase: UseCase): Promise<(SyntheticRow | string)[]> {
  const parse = createRowParser(useCase);
  const names = Object.keys(useCase.features);
  const rows: (SyntheticRow | string)[] = [];
  for await (const block of readCsv(createReadStream(path), new Set())) {
    for (const { record } of block) {
      const row = parse(record!);
      if (typeof row === 'string') rows.push(row);
      else {
        const features = Object.fromEntries(names.map((name, index) => [name, row.features[index]!]));
        rows.push({ features, label: row.label === 1 });
      }
    }
  }
  return rows;
}
