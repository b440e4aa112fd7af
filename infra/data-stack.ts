import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { UseCase } from '../use-cases/define-use-case.ts';
import type { Context } from './context.ts';
import { DataBucket } from './data-bucket.ts';
import { DataTable } from './data-table.ts';
import { Lake } from './lake.ts';

export interface DataStackProps extends StackProps, Pick<Context, 'retain'> {
  readonly useCases: readonly UseCase[];
}

/** Everything that holds state. Its deletion is refused, and what it holds outlives it. */
export class DataStack extends Stack {
  readonly bucket: DataBucket;
  readonly lake: Lake;
  readonly registry: DataTable;
  readonly predictions: DataTable;

  constructor(scope: Construct, id: string, { useCases, retain, ...props }: DataStackProps) {
    super(scope, id, { ...props, terminationProtection: retain });
    this.bucket = new DataBucket(this, 'Bucket', { retain });
    this.registry = new DataTable(this, 'Registry', { tableName: 'Perennial-registry', retain });
    this.predictions = new DataTable(this, 'Predictions', { tableName: 'Perennial-predictions', retain });
    this.lake = new Lake(this, 'Lake', { bucket: this.bucket, useCases, retain });
    // Last: columns that were added cannot be taken back, so nothing that is deployed after them may fail and roll the stack back.
    this.lake.node.addDependency(this.registry, this.predictions);
  }
}
