import { Stack, Validations } from 'aws-cdk-lib';
import type { IGrantable, Role } from 'aws-cdk-lib/aws-iam';

/**
 * Acknowledges resources that end in `*` because what lies behind the prefix is named at run time.
 *
 * @param resources ARNs as they stand in the grantee's policy
 */
export function acknowledgePrefixes(grantee: IGrantable, resources: readonly string[]): void {
  for (const resource of resources) {
    Validations.of(grantee.grantPrincipal as Role).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${findingOf(grantee, resource)}]`,
      reason: 'The keys and tables below this prefix are named at run time, and the prefix belongs to this app alone.',
    });
  }
}

/** An ARN as cdk-nag writes it in a finding: references in angle brackets. */
function findingOf(grantee: IGrantable, arn: string): string {
  const resolved = Stack.of(grantee.grantPrincipal as Role).resolve(arn);
  return flatten(resolved);
}

function flatten(value: unknown): string {
  if (typeof value === 'string') return value;
  const [[intrinsic, argument]] = Object.entries(value as Record<string, unknown>) as [[string, unknown]];
  if (intrinsic === 'Fn::Join')
    return (argument as [string, unknown[]])[1].map(flatten).join((argument as [string])[0]);
  if (intrinsic === 'Fn::GetAtt') return `<${(argument as string[]).join('.')}>`;
  return `<${flatten(argument)}>`;
}
