import { type AsyncBuffer, parquetMetadata, parquetMetadataAsync, parquetRead, parquetSchema } from 'hyparquet';
import type { ObjectSummary, Objects } from '../../platform/objects.ts';
import type { CellValue } from './content-hash.ts';

/** A Parquet file's columns, by name, each with a value per row. */
export interface ParquetColumns {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, readonly CellValue[]>;
}

/** Names of the columns of a Parquet file and the row ranges `[start, end)` of its row groups. */
export interface ParquetLayout {
  readonly names: readonly string[];
  readonly rowGroups: readonly { readonly start: number; readonly end: number }[];
}

/** Opens a Parquet object, of which only those bytes are read that are needed. */
export function openParquet(objects: Objects, { key, size }: Pick<ObjectSummary, 'key' | 'size'>): AsyncBuffer {
  return {
    byteLength: size,
    slice: async (start, end = size) => arrayBuffer(await objects.read(key, { start, end })),
  };
}

/** Reads off a Parquet file's footer how many rows it has. */
export async function countParquetRows(file: AsyncBuffer): Promise<number> {
  return Number((await parquetMetadataAsync(file)).num_rows);
}

/** Reads a Parquet file's footer. */
export function readParquetLayout(bytes: Uint8Array): ParquetLayout {
  const metadata = parquetMetadata(arrayBuffer(bytes));
  let start = 0;
  const rowGroups = metadata.row_groups.map(({ num_rows }) => {
    const group = { start, end: start + Number(num_rows) };
    start = group.end;
    return group;
  });
  return { names: parquetSchema(metadata).children.map(({ element }) => element.name), rowGroups };
}

/**
 * Decodes rows `[start, end)` of a Parquet file, column by column.
 *
 * @param range @default - all rows
 */
export async function readParquetColumns(
  source: Uint8Array | AsyncBuffer,
  range: { start: number; end: number } = { start: 0, end: Number.POSITIVE_INFINITY },
): Promise<ParquetColumns> {
  const file = source instanceof Uint8Array ? arrayBuffer(source) : source;
  const metadata = await parquetMetadataAsync(file);
  const end = Math.min(range.end, Number(metadata.num_rows));
  const columns = new Map(
    parquetSchema(metadata).children.map(({ element }) => [
      element.name,
      new Array<CellValue>(end - range.start).fill(null),
    ]),
  );
  await parquetRead({
    file,
    metadata,
    rowStart: range.start,
    rowEnd: end,
    onChunk({ columnName, columnData, rowStart }) {
      const values = columns.get(columnName)!;
      for (let index = 0; index < columnData.length; index++) {
        const row = rowStart + index - range.start;
        if (row >= 0 && row < values.length) values[row] = columnData[index];
      }
    },
  });
  return { rows: end - range.start, columns };
}

function arrayBuffer(bytes: Uint8Array): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = bytes;
  if (byteOffset === 0 && byteLength === buffer.byteLength) return buffer as ArrayBuffer;
  return buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer;
}
