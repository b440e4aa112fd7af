import { hash } from 'node:crypto';
import type { Column } from '../../contracts/tables.ts';
import type { Objects } from '../../platform/objects.ts';
import { type CellValue, createContentHash } from './content-hash.ts';
import type { DatasetManifest, DatasetPart, SequenceRange } from './manifest.ts';
import { readParquetColumns, readParquetLayout } from './parquet-columns.ts';

/** What a manifest says about the rows of its parts. */
export type PartsSummary = Pick<
  DatasetManifest,
  'parts' | 'rows' | 'positives' | 'ingestSeq' | 'labelSeq' | 'contentHash'
>;

/** Reads the exported Parquet files under a prefix, a row group at a time, and sums up what they hold. There must be a row. */
export async function summarizeParts(
  objects: Objects,
  prefix: string,
  schema: readonly Column[],
): Promise<PartsSummary> {
  const content = createContentHash(schema);
  const parts: DatasetPart[] = [];
  let rows = 0;
  let positives = 0;
  const ingestSeq = new RangeBuilder();
  const labelSeq = new RangeBuilder();
  for (const { key } of await objects.list(prefix)) {
    const bytes = await objects.read(key);
    parts.push({ key, bytes: bytes.length, sha256: hash('sha256', bytes, 'hex') });
    for (const group of readParquetLayout(bytes).rowGroups) {
      const read = await readParquetColumns(bytes, group);
      const columns = schema.map(({ name }) => read.columns.get(name) ?? []);
      for (let row = 0; row < read.rows; row++) content.add(columns.map(column => column[row]));
      rows += read.rows;
      positives += read.columns.get('label')!.filter(label => Number(label) === 1).length;
      ingestSeq.include(read.columns.get('ingest_seq')!);
      labelSeq.include(read.columns.get('label_seq')!);
    }
  }
  return {
    parts,
    rows,
    positives,
    ingestSeq: ingestSeq.range,
    labelSeq: labelSeq.range,
    contentHash: content.digest(),
  };
}

class RangeBuilder {
  private from = Number.POSITIVE_INFINITY;
  private to = Number.NEGATIVE_INFINITY;

  include(values: readonly CellValue[]): void {
    for (const value of values) {
      this.from = Math.min(this.from, Number(value));
      this.to = Math.max(this.to, Number(value));
    }
  }

  get range(): SequenceRange {
    return { from: this.from, to: this.to };
  }
}
