import type { DuckDBConnection, DuckDBType } from '@duckdb/node-api';
import { bucketOf } from '../../iceberg/bucket.ts';

/** Adds Iceberg's bucket transform to DuckDB: `trino_bucket_text(VARCHAR, INTEGER)` and `trino_bucket_long(BIGINT, INTEGER)`; NULL has no bucket. */
export async function registerBucketFunctions(connection: DuckDBConnection): Promise<void> {
  const { BIGINT, DuckDBScalarFunction, INTEGER, VARCHAR } = await import('@duckdb/node-api');
  const variants: readonly (readonly [name: string, type: DuckDBType])[] = [
    ['trino_bucket_text', VARCHAR],
    ['trino_bucket_long', BIGINT],
  ];
  for (const [name, type] of variants) {
    const bucket = DuckDBScalarFunction.create({
      name,
      parameterTypes: [type, INTEGER],
      returnType: INTEGER,
      mainFunction(_, input, output) {
        const [values, widths] = [input.getColumnVector(0), input.getColumnVector(1)];
        for (let row = 0; row < input.rowCount; row++) {
          const value = values.getItem(row) as bigint | string | null;
          output.setItem(row, value === null ? null : bucketOf(value, widths.getItem(row) as number));
        }
        output.flush();
      },
    });
    connection.registerScalarFunction(bucket);
  }
}
