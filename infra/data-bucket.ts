import { Aws, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { bucketPrefixes } from '../contracts/bucket-layout.ts';
import { acknowledgePrefixes } from './acknowledge.ts';

type Prefix = keyof typeof bucketPrefixes;

/** The one bucket, and who may touch which of its prefixes. */
export class DataBucket extends Construct {
  // Named rather than generated, and referred to by name: no export ties the stacks together, and a bucket that outlived its stack is found again.
  readonly name = `perennial-${Aws.ACCOUNT_ID}-${Aws.REGION}`;
  private readonly arn = `arn:${Aws.PARTITION}:s3:::${this.name}`;

  constructor(scope: Construct, id: string, { retain }: { retain: boolean }) {
    super(scope, id);
    const bucket = new Bucket(this, 'Bucket', {
      bucketName: this.name,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy: retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      lifecycleRules: [
        { prefix: bucketPrefixes.athena, expiration: Duration.days(7) },
        // A batch or an archive run goes on from what it has staged, be it after weeks in which nothing ran: longer than the log keeps what is to be archived.
        { prefix: bucketPrefixes.staging, expiration: Duration.days(90) },
        { abortIncompleteMultipartUploadAfter: Duration.days(7) },
      ],
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason:
        'Only the functions of this app reach the bucket; CloudTrail data events can be switched on where an audit asks for them.',
    });
  }

  /** Lets read objects under some prefixes, and list the bucket: without it, a missing key answers 403 rather than 404. */
  grantRead(grantee: IGrantable, ...prefixes: Prefix[]): void {
    this.grant(grantee, ['s3:GetObject'], prefixes);
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['s3:ListBucket', 's3:GetBucketLocation'], resources: [this.arn] }),
    );
  }

  /** Lets put objects under some prefixes. */
  grantWrite(grantee: IGrantable, ...prefixes: Prefix[]): void {
    this.grant(grantee, ['s3:PutObject', 's3:AbortMultipartUpload', 's3:ListMultipartUploadParts'], prefixes);
  }

  /** Lets delete objects under some prefixes. */
  grantDelete(grantee: IGrantable, ...prefixes: Prefix[]): void {
    this.grant(grantee, ['s3:DeleteObject'], prefixes);
  }

  private grant(grantee: IGrantable, actions: string[], prefixes: Prefix[]): void {
    const resources = prefixes.map(prefix => `${this.arn}/${bucketPrefixes[prefix]}*`);
    grantee.grantPrincipal.addToPrincipalPolicy(new PolicyStatement({ actions, resources }));
    acknowledgePrefixes(grantee, resources);
  }
}
