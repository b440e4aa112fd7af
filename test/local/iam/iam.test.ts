import { readIam } from '../../../local/iam/iam.ts';
import { deploy } from '../../../local/template/deployment.ts';
import { TemplateError } from '../../../local/template/intrinsics.ts';

const policy = (Action: string, Resource: unknown = '*') => ({ Statement: [{ Effect: 'Allow', Action, Resource }] });

function deployRole(properties: object, resources: object = {}) {
  const Resources = {
    Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'worker', ...properties } },
    ...resources,
  };
  return deploy([{ name: 'Stack', assets: new Map(), template: { Resources } as never }]);
}
const arn = 'arn:aws:iam::000000000000:role/worker';

describe('a role of the template', () => {
  test('may do what its inline, attached and managed policies allow together', () => {
    const deployment = deployRole(
      {
        Policies: [{ PolicyName: 'inline', PolicyDocument: policy('s3:GetObject') }],
        ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole', { Ref: 'Managed' }],
      },
      {
        Attached: {
          Type: 'AWS::IAM::Policy',
          Properties: { PolicyName: 'a', Roles: [{ Ref: 'Role' }], PolicyDocument: policy('s3:PutObject') },
        },
        Managed: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: policy('s3:DeleteObject') } },
      },
    );
    const caller = readIam(deployment).assume(arn, 'Function');
    for (const action of ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 'logs:PutLogEvents']) {
      expect(() => caller.require(action, 'arn:aws:s3:::b/k')).not.toThrow();
    }
  });

  test('is told in the words of AWS what it may not do', () => {
    const caller = readIam(deployRole({})).assume(arn, 'Function');
    expect(() => caller.require('dynamodb:GetItem', 'arn:aws:dynamodb:us-east-1:000000000000:table/t')).toThrow(
      expect.objectContaining({
        code: 'AccessDeniedException',
        message:
          'User: arn:aws:sts::000000000000:assumed-role/worker/Function is not authorized to perform: dynamodb:GetItem on resource: arn:aws:dynamodb:us-east-1:000000000000:table/t because no identity-based policy allows the dynamodb:GetItem action',
      }),
    );
    expect(() => caller.require('s3:GetObject', 'arn:aws:s3:::b/k')).toThrow(
      expect.objectContaining({ code: 'AccessDenied', status: 403 }),
    );
  });

  test('with a managed policy that is not known here is refused', () => {
    const deployment = deployRole({ ManagedPolicyArns: ['arn:aws:iam::aws:policy/PowerUserAccess'] });
    expect(() => readIam(deployment)).toThrow(TemplateError);
  });

  test('that no stack has cannot be assumed', () => {
    expect(() => readIam(deployRole({})).assume('arn:aws:iam::000000000000:role/other', 'x')).toThrow(TemplateError);
  });
});
