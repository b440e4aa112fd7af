import { hash } from 'node:crypto';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Column } from '../../../contracts/tables.ts';
import { type CellValue, createContentHash } from '../../../lifecycle/datasets/content-hash.ts';
import { isHoldout } from '../../../lifecycle/datasets/holdout.ts';
import type { DatasetManifest } from '../../../lifecycle/datasets/manifest.ts';
import { createRandom } from '../../../ml/random.ts';
import type { Objects } from '../../../platform/objects.ts';
import { featureColumns } from '../../../use-cases/table-schemas.ts';
import { loans } from '../inference/loans.ts';

export interface LoansOptions {
  readonly rows: number;
  readonly seed: number;
  /** Labels of the rows outside the holdout are drawn regardless of the features. @default false */
  readonly withoutSignal?: boolean;
  /** Features that are missing in every row. */
  readonly blank?: readonly string[];
}

const schema: readonly Column[] = [
  { name: 'observation_id', type: 'string' },
  { name: 'entity_id', type: 'string' },
  { name: 'event_time', type: 'timestamp' },
  { name: 'ingest_seq', type: 'bigint' },
  ...featureColumns(loans),
  { name: 'label', type: 'int' },
  { name: 'label_seq', type: 'bigint' },
];

/** Writes a frozen dataset of made-up loans, in two parts, and returns its manifest's key. Every entity has up to two rows. */
export async function writeLoans(objects: Objects, options: LoansOptions): Promise<string> {
  const rows = drawLoans(options);
  const content = createContentHash(schema);
  for (const row of rows) content.add(row);
  const contentHash = content.digest();
  const datasetId = hash('sha256', `dataset ${contentHash}`, 'hex');
  const prefix = `datasets/${loans.id}/${datasetId}/1/`;
  const half = Math.ceil(rows.length / 2);
  const parts = await Promise.all(
    [rows.slice(0, half), rows.slice(half)].map(async (part, index) => {
      const key = `${prefix}part-${index}.parquet`;
      const bytes = writeParquet(part);
      await objects.write(key, bytes);
      return { key, bytes: bytes.length, sha256: hash('sha256', bytes, 'hex') };
    }),
  );
  const manifest: DatasetManifest = {
    datasetId,
    contentHash,
    useCase: loans.id,
    createdAt: '2026-03-02T03:00:00.000Z',
    window: { mode: 'all' },
    matureUntil: '2026-02-01T00:00:00.000Z',
    table: 'loans_observations',
    tableUuid: '00000000-0000-0000-0000-000000000000',
    snapshotId: '4611686018427387905',
    parentSnapshotId: null,
    committedAt: '2026-03-01T00:00:00.000Z',
    sql: 'SELECT …',
    schema,
    parts,
    rows: rows.length,
    positives: rows.filter(row => row[labelAt] === 1).length,
    ingestSeq: { from: 1, to: 2 },
    labelSeq: { from: 1, to: 2 },
  };
  await objects.write(`${prefix}manifest.json`, JSON.stringify(manifest));
  return `${prefix}manifest.json`;
}

const labelAt = schema.findIndex(({ name }) => name === 'label');
const levels = ['clerk', 'farmer', 'nurse'];

function drawLoans({ rows, seed, withoutSignal = false, blank = [] }: LoansOptions): CellValue[][] {
  const random = createRandom(seed);
  return Array.from({ length: rows }, (_, row) => {
    const entity = `client-${seed}-${Math.floor(row / 1.2)}`;
    const [age, income, job, owner] = [
      18 + random.integer(60),
      20_000 + random.integer(60_000),
      random.integer(3),
      random.integer(2) === 1,
    ];
    const pull = (age - 48) / 20 + (income - 50_000) / 30_000 + (job - 1) * 0.8 + (owner ? 0.5 : -0.5) - 1;
    const isRandom = withoutSignal && !isHoldout(entity);
    const label = random.uniform() < (isRandom ? 0.3 : 1 / (1 + Math.exp(-pull))) ? 1 : 0;
    const features: Record<string, CellValue> = {
      age: BigInt(age),
      income: random.integer(20) === 0 ? null : income,
      job: random.integer(20) === 0 ? null : levels[job],
      owner,
    };
    for (const name of blank) features[name] = null;
    return [
      hash('sha256', `${seed}-${row}`, 'hex'),
      entity,
      new Date(Date.UTC(2025, 0, 1 + (row % 360))),
      BigInt(1 + (row % 2)),
      ...Object.keys(loans.features).map(name => features[name]),
      label,
      BigInt(1 + (row % 2)),
    ];
  });
}

function writeParquet(rows: readonly CellValue[][]): Uint8Array {
  const types = {
    string: 'STRING',
    bigint: 'INT64',
    int: 'INT32',
    double: 'DOUBLE',
    boolean: 'BOOLEAN',
    timestamp: 'TIMESTAMP',
  } as const;
  const columnData = schema.map(({ name, type }, column) => ({
    name,
    type: types[type],
    data: rows.map(row => row[column]),
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}
