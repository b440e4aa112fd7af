/** Parts into which the items of an hour are spread, for ever: items of any age have to be found by it. */
export const shards = 16;

const hourMs = 3_600_000;

/** The hour of an instant, in UTC: `2026-11-21T09`. */
export function hourOf(instant: Date): string {
  return instant.toISOString().slice(0, 'yyyy-mm-ddThh'.length);
}

/** Partition keys of an hour's items, one a shard. @param prefix what comes before the hour: `bank-marketing` */
export function hourPartitions(prefix: string, hour: string): string[] {
  return Array.from({ length: shards }, (_, shard) => shardPartition(prefix, hour, shard));
}

/** Partition key of one shard of an hour: `bank-marketing#2026-11-21T09#7`. */
export function shardPartition(prefix: string, hour: string, shard: number): string {
  return `${prefix}#${hour}#${shard}`;
}

/** The hours that have an instant in `[from, to)`, in order. */
export function hoursBetween(from: Date, to: Date): string[] {
  if (from >= to) return [];
  const first = Math.floor(from.getTime() / hourMs);
  const end = Math.ceil(to.getTime() / hourMs);
  return Array.from({ length: end - first }, (_, index) => hourOf(new Date((first + index) * hourMs)));
}
