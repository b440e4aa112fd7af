import type { Column } from '../../contracts/tables.ts';

/** An act that makes data of data, once it has ended. */
export interface Act {
  readonly useCase: string;
  readonly name: 'ingest' | 'freeze' | 'train' | 'refit' | 'register' | 'score';
  /** The same act done again has the same id, two acts of one name never have. */
  readonly id: string;
  /** ISO instants. */
  readonly startedAt: string;
  readonly endedAt: string;
  /** ARN of the execution that it was part of; whoever did it by hand is none. */
  readonly executionId: string;
  readonly inputs: readonly Data[];
  readonly outputs: readonly Data[];
  /** The query that made the output. @default - none did */
  readonly sql?: string;
  /** What decided the output beside the inputs. @default - nothing */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Why there is no output. @default - it succeeded */
  readonly failure?: string;
}

/** What an act reads or writes, somewhere in the bucket. */
export interface Data {
  /** Key of an object, or prefix of several, without the slash at its end. */
  readonly key: string;
  /** Which state of it: an Iceberg snapshot, a hash of the content, a number. @default - it has but one */
  readonly version?: string;
  /** Key under which the same content lies afterwards. @default - it stays */
  readonly movedTo?: string;
  /** Columns of a table. @default - it is none */
  readonly schema?: readonly Column[];
  /** Rows and bytes that an act wrote. @default - unknown */
  readonly rows?: number;
  readonly bytes?: number;
}
