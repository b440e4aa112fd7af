import { createHash } from 'node:crypto';
import { Aws, CustomResource, Duration, RemovalPolicy } from 'aws-cdk-lib';
import { CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct, type IDependable } from 'constructs';
import { bucketPrefixes } from '../contracts/bucket-layout.ts';
import { environmentNames } from '../contracts/environment.ts';
import type { UseCase } from '../use-cases/define-use-case.ts';
import { experimentRunsTable } from '../use-cases/runs-table.ts';
import { icebergTables, stagingTables } from '../use-cases/table-schemas.ts';
import { acknowledgePrefixes } from './acknowledge.ts';
import type { DataBucket } from './data-bucket.ts';
import { AppFunction } from './function.ts';

export interface LakeProps {
  readonly bucket: DataBucket;
  readonly useCases: readonly UseCase[];
  readonly retain: boolean;
}

/** A statement that would read more is stopped: a runaway query costs half a dollar at most. */
const scanLimitBytes = 100 * 1024 ** 3;

/** The Iceberg tables, in one Glue database, and the Athena workgroup through which everyone reads and writes them. */
export class Lake extends Construct {
  readonly database = 'perennial';
  readonly workgroup = 'perennial';
  /** By which a function finds both. */
  readonly environment: Readonly<Record<string, string>> = {
    [environmentNames.database]: this.database,
    [environmentNames.workgroup]: this.workgroup,
  };
  private readonly bucket: DataBucket;

  constructor(scope: Construct, id: string, { bucket, useCases, retain }: LakeProps) {
    super(scope, id);
    this.bucket = bucket;
    const database = new CfnDatabase(this, 'Database', {
      catalogId: Aws.ACCOUNT_ID,
      // By this name, and not by the input's, CloudFormation takes back one that outlived its stack.
      databaseName: this.database,
      databaseInput: {
        name: this.database,
        description: 'Observations, predictions and outcomes of every use case, and the trials of all',
      },
    });
    const workgroup = new CfnWorkGroup(this, 'Workgroup', {
      name: this.workgroup,
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: false,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        bytesScannedCutoffPerQuery: scanLimitBytes,
        resultConfiguration: {
          outputLocation: `s3://${bucket.name}/${bucketPrefixes.athena}`,
          encryptionConfiguration: { encryptionOption: 'SSE_S3' },
        },
      },
    });
    for (const resource of [database, workgroup]) {
      resource.applyRemovalPolicy(retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY);
    }
    this.defineTables(useCases, [bucket, database, workgroup]);
  }

  /** Lets run statements that read rows of every table. */
  grantSelect(grantee: IGrantable): void {
    this.grantAthena(grantee);
    this.grantDefaultDatabase(grantee);
    this.grantGlue(grantee, ['glue:GetDatabase', 'glue:GetTable', 'glue:GetPartition', 'glue:GetPartitions']);
    this.bucket.grantRead(grantee, 'lake', 'staging', 'athena');
    this.bucket.grantWrite(grantee, 'athena');
  }

  /** Lets run statements that read and change rows of every table. */
  grantQuery(grantee: IGrantable): void {
    this.grantSelect(grantee);
    this.grantGlue(grantee, ['glue:UpdateTable']);
    this.bucket.grantWrite(grantee, 'lake');
    this.bucket.grantDelete(grantee, 'lake');
  }

  private grantDefine(grantee: IGrantable): void {
    this.grantQuery(grantee);
    this.grantGlue(grantee, ['glue:CreateTable']);
  }

  private grantAthena(grantee: IGrantable): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [
          'athena:StartQueryExecution',
          'athena:GetQueryExecution',
          'athena:GetQueryResults',
          'athena:StopQueryExecution',
          'athena:GetWorkGroup',
        ],
        resources: [arn('athena', `workgroup/${this.workgroup}`)],
      }),
    );
  }

  private grantGlue(grantee: IGrantable, actions: string[]): void {
    const tables = arn('glue', `table/${this.database}/*`);
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions,
        resources: [arn('glue', 'catalog'), arn('glue', `database/${this.database}`), tables],
      }),
    );
    acknowledgePrefixes(grantee, [tables]);
  }

  /**
   * Athena looks for a database named `default` before any statement, and makes it where it is missing.
   *
   * @see https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html
   */
  private grantDefaultDatabase(grantee: IGrantable): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['glue:GetDatabase', 'glue:CreateDatabase'],
        resources: [arn('glue', 'catalog'), arn('glue', 'database/default')],
      }),
    );
  }

  /** CloudFormation must not manage an Iceberg table: its update drops the pointer to the metadata. So Athena's own DDL does. */
  private defineTables(useCases: readonly UseCase[], prerequisites: readonly IDependable[]): void {
    const define = new AppFunction(this, 'DefineTables', {
      entry: 'datasets/define-tables',
      description: 'Creates the Iceberg tables and adds columns to them',
      timeout: Duration.minutes(10),
      environment: {
        [environmentNames.bucket]: this.bucket.name,
        ...this.environment,
      },
    });
    this.grantDefine(define);
    const tables = JSON.stringify({
      iceberg: [...useCases.flatMap(icebergTables), experimentRunsTable()],
      staging: useCases.flatMap(stagingTables),
    });
    const resource = new CustomResource(this, 'Tables', {
      resourceType: 'Custom::Tables',
      // Where the function never answers, CloudFormation would wait for an hour.
      serviceTimeout: Duration.minutes(30),
      serviceToken: define.functionArn,
      removalPolicy: RemovalPolicy.RETAIN,
      properties: { tables, hash: createHash('sha256').update(tables).digest('hex') },
    });
    resource.node.addDependency(define.role!, ...prerequisites);
  }
}

function arn(service: string, resource: string): string {
  return `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${resource}`;
}
