import { landingFolders } from '../../contracts/bucket-layout.ts';
import { createRandom, type Random } from '../../ml/random.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Feature, UseCase } from '../../use-cases/define-use-case.ts';
import { drawRow, type SyntheticRow } from '../../use-cases/draw-row.ts';
import { landingPrefix } from './landing-keys.ts';
import { matureUntil } from './maturity.ts';
import { type FeatureCell, fileColumns } from './parse-row.ts';

export interface SynthesizeBatchOptions {
  readonly objects: Objects;
  readonly useCase: UseCase;
  /** Number of the batch that will take the rows: with the use case's seed it decides them. */
  readonly number: number;
  /** @default - as many as the use case's source says */
  readonly rows?: number;
  /** ISO instant, one label delay before which the newest row may be. */
  readonly asOf: string;
  /** ISO instant of the newest row in the table; null makes the history of a year. */
  readonly newestEvent: string | null;
}

const yearMs = 365 * 86_400_000;

/** Writes made-up rows, all mature, as a landing file. The same batch number writes the same file. */
export async function synthesizeBatch(options: SynthesizeBatchOptions): Promise<void> {
  const { objects, useCase, number, asOf, newestEvent } = options;
  const { historyRows, batchRows } = useCase.source.synthetic;
  const rows = options.rows ?? (newestEvent === null ? historyRows : batchRows);
  const random = createRandom(useCase.training.seed * 1_000_003 + number);
  const until = matureUntil(useCase, asOf).getTime();
  const from = newestEvent === null ? until - yearMs : Math.min(Date.parse(newestEvent) + 1, until);
  const lines = [header(useCase), ...drawLines({ useCase, number, rows, random, from, until })];
  const key = `${landingPrefix(useCase.id)}${landingFolders.synthetic}batch-${number}.csv`;
  await objects.write(key, `${lines.join('\n')}\n`, 'text/csv');
}

function header(useCase: UseCase): string {
  const { observationId, entityId, eventTime, features, label } = fileColumns(useCase);
  return [observationId, entityId, eventTime, ...features, label].map(quote).join(',');
}

interface DrawOptions {
  readonly useCase: UseCase;
  readonly number: number;
  readonly rows: number;
  readonly random: Random;
  readonly from: number;
  readonly until: number;
}

function drawLines({ useCase, number, rows, random, from, until }: DrawOptions): string[] {
  const times = Float64Array.from({ length: rows }, () => Math.floor(from + random.uniform() * (until - from))).sort();
  return Array.from(times, (time, index) => {
    const id = `synthetic-${number}-${index + 1}`;
    const row = drawRow(useCase.source.synthetic, random);
    return [
      quote(id),
      quote(`${useCase.entity.name}-${number}-${index + 1}`),
      new Date(time).toISOString(),
      ...cells(useCase, row),
    ].join(',');
  });
}

function cells(
  { features, label: { positive, negative } }: UseCase,
  { features: values, label }: SyntheticRow,
): string[] {
  const words = Object.entries(features).map(([name, feature]) => cell(feature, values[name]!));
  return [...words, quote(label ? positive : negative)];
}

function cell(feature: Feature, value: FeatureCell): string {
  if (value === null) return '';
  if (feature.type === 'boolean' && feature.words) return quote(value ? feature.words.true : feature.words.false);
  return typeof value === 'string' ? quote(value) : String(value);
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`;
}
