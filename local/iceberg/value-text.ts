import type { PartitionValue } from './data-file.ts';
import type { PartitionColumn } from './partitioning.ts';

const dayMs = 86_400_000;

/** Prints a value of a column or bound as Iceberg's metadata tables do: a date from days, a timestamp from microseconds. */
export function printValue(type: string, value: Exclude<PartitionValue, null>): string {
  if (type === 'date') return new Date(Number(value) * dayMs).toISOString().slice(0, 10);
  if (type === 'timestamp') return printTimestamp(BigInt(value));
  return `${value}`;
}

/** Prints a partition value as it stands in a folder's name: `2026-01` for a month, `2026-01-01-10` for an hour. */
export function printPartitionValue({ transform, type }: PartitionColumn, value: PartitionValue): string | null {
  if (value === null) return null;
  const number = Number(value);
  if (transform === 'year') return `${1970 + number}`;
  if (transform === 'month') return new Date(Date.UTC(1970, number)).toISOString().slice(0, 7);
  if (transform === 'hour') return new Date(number * 3_600_000).toISOString().slice(0, 13).replace('T', '-');
  return printValue(type, value);
}

function printTimestamp(micros: bigint): string {
  const ms = micros / 1000n - (micros % 1000n < 0n ? 1n : 0n);
  const rest = `${micros - ms * 1000n}`.padStart(3, '0');
  return `${new Date(Number(ms)).toISOString().slice(0, -1)}${rest}`;
}
