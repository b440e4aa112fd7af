import { readFile } from 'node:fs/promises';
import { icebergMetadata, icebergRead } from 'icebird';
import type { ObjectFolder } from '../../../local/iceberg/object-folder.ts';
import type { Table } from '../../../local/iceberg/table.ts';

type Row = Record<string, unknown>;

/** Reads a table from its files as icebird does, which knows nothing of us: at the current snapshot or an older one. */
export async function readWithIcebird({ store, location }: Table, snapshotId?: bigint): Promise<Row[]> {
  const original = globalThis.fetch;
  globalThis.fetch = fetchFrom(store.folder);
  try {
    const metadata = await icebergMetadata({ tableUrl: location });
    if (snapshotId !== undefined) {
      // It has no option for a snapshot, and its ids are rounded to Numbers: the same rounding finds the same one.
      const snapshot = metadata.snapshots?.find(({ 'snapshot-id': id }) => id === Number(snapshotId));
      metadata['current-snapshot-id'] = Number(snapshotId);
      metadata['current-schema-id'] = snapshot?.['schema-id'] ?? -1;
    }
    return await icebergRead({ tableUrl: location, metadata });
  } finally {
    globalThis.fetch = original;
  }
}

/** Serves `https://<bucket>.s3.amazonaws.com/<key>`, which icebird makes of `s3://`, from the folder. */
function fetchFrom(folder: ObjectFolder): typeof fetch {
  return async (input, options) => {
    const url = new URL(String(input));
    const bucket = url.hostname.replace('.s3.amazonaws.com', '');
    const bytes = await readFile(folder.path(`s3://${bucket}${decodeURIComponent(url.pathname)}`)).catch(
      () => undefined,
    );
    if (!bytes) return new Response(null, { status: 404 });
    const [, start, end] = /^bytes=(\d+)-(\d*)$/.exec(new Headers(options?.headers).get('range') ?? '') ?? [];
    if (start === undefined) return new Response(bytes, { headers: { 'content-length': `${bytes.length}` } });
    return new Response(bytes.subarray(Number(start), end ? Number(end) + 1 : undefined), { status: 206 });
  };
}
