import { Aws, RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { tableKeys, timeToLiveAttribute } from '../contracts/tables.ts';

export interface DataTableProps {
  readonly tableName: string;
  readonly retain: boolean;
}

/** A DynamoDB table, billed by request, that can be put back to any second of the last 35 days. */
export class DataTable extends Construct {
  readonly name: string;
  private readonly arn: string;

  constructor(scope: Construct, id: string, { tableName, retain }: DataTableProps) {
    super(scope, id);
    new Table(this, 'Table', {
      tableName,
      partitionKey: { name: tableKeys.partition, type: AttributeType.STRING },
      sortKey: { name: tableKeys.sort, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.DEFAULT,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: retain,
      timeToLiveAttribute,
      removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.name = tableName;
    this.arn = `arn:${Aws.PARTITION}:dynamodb:${Aws.REGION}:${Aws.ACCOUNT_ID}:table/${tableName}`;
  }

  grantRead(grantee: IGrantable): void {
    this.grant(grantee, ['dynamodb:GetItem', 'dynamodb:Query']);
  }

  /** Lets look up many items in one call. */
  grantLookUp(grantee: IGrantable): void {
    this.grant(grantee, ['dynamodb:BatchGetItem']);
  }

  grantWrite(grantee: IGrantable): void {
    this.grant(grantee, ['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem']);
  }

  /** Lets put many items in one call, none of them conditionally. */
  grantAppend(grantee: IGrantable): void {
    this.grant(grantee, ['dynamodb:BatchWriteItem']);
  }

  private grant(grantee: IGrantable, actions: string[]): void {
    grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources: [this.arn] }));
  }
}
