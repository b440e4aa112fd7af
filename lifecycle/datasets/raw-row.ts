/** One data row of a landing file. */
export interface RawRow {
  /** 1 for the first data row. */
  readonly number: number;
  /** Values by column name, or null when the row can't be read. */
  readonly record: Readonly<Record<string, unknown>> | null;
  /** Why it can't. */
  readonly problem: string | null;
  /** The row as the file has it. */
  readonly raw: unknown;
}

/** What a reader may be told about a file. */
export interface ReadOptions {
  /** One character between the fields of a CSV. @default - of the usual ones, the one that the header has most of */
  readonly delimiter?: string;
}

/** A reader fills `columns` while it reads. @throws {UnreadableFileError} */
export type RowReader = (
  bytes: AsyncIterable<Uint8Array>,
  columns: Set<string>,
  options: ReadOptions,
) => AsyncIterable<RawRow[]>;
