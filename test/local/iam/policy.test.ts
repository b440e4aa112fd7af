import { compilePolicies, type PolicyDocument } from '../../../local/iam/policy.ts';

const evaluate = (...Statement: object[]) => compilePolicies([{ Statement } as PolicyDocument]);
const table = 'arn:aws:dynamodb:us-east-1:000000000000:table/registry';

describe('policies', () => {
  test('allow nothing that no statement allows', () => {
    expect(evaluate()('s3:GetObject', 'arn:aws:s3:::b/k')).toBe('not allowed');
    const get = evaluate({ Effect: 'Allow', Action: 'dynamodb:GetItem', Resource: table });
    expect(get('dynamodb:GetItem', table)).toBe('allowed');
    expect(get('dynamodb:PutItem', table)).toBe('not allowed');
    expect(get('dynamodb:GetItem', `${table}2`)).toBe('not allowed');
  });

  test('match wildcards, actions in any case and resources in theirs', () => {
    const read = evaluate({ Effect: 'Allow', Action: ['S3:get*'], Resource: 'arn:aws:s3:::b/models/?.onnx' });
    expect(read('s3:GetObject', 'arn:aws:s3:::b/models/a.onnx')).toBe('allowed');
    expect(read('s3:GetObject', 'arn:aws:s3:::b/models/aa.onnx')).toBe('not allowed');
    expect(read('s3:GetObject', 'arn:aws:s3:::B/models/a.onnx')).toBe('not allowed');
    expect(read('s3:PutObject', 'arn:aws:s3:::b/models/a.onnx')).toBe('not allowed');
  });

  test('take no character of a pattern but * and ? for more than itself', () => {
    const read = evaluate({ Effect: 'Allow', Action: 's3:*', Resource: 'arn:aws:s3:::b.c/(x)+' });
    expect(read('s3:GetObject', 'arn:aws:s3:::b.c/(x)+')).toBe('allowed');
    expect(read('s3:GetObject', 'arn:aws:s3:::bxc/xx')).toBe('not allowed');
  });

  test('let a denial win', () => {
    const both = evaluate(
      { Effect: 'Allow', Action: '*', Resource: '*' },
      { Effect: 'Deny', Action: 's3:DeleteObject', Resource: '*' },
    );
    expect(both('s3:DeleteObject', 'arn:aws:s3:::b/k')).toBe('denied explicitly');
    expect(both('s3:GetObject', 'arn:aws:s3:::b/k')).toBe('allowed');
  });

  test('know NotAction and NotResource', () => {
    const rest = evaluate({ Effect: 'Allow', NotAction: 'iam:*', NotResource: 'arn:aws:s3:::secret/*' });
    expect(rest('s3:GetObject', 'arn:aws:s3:::b/k')).toBe('allowed');
    expect(rest('iam:PassRole', 'arn:aws:iam::1:role/r')).toBe('not allowed');
    expect(rest('s3:GetObject', 'arn:aws:s3:::secret/k')).toBe('not allowed');
  });

  test('hold conditions against what the request tells', () => {
    const list = evaluate({
      Effect: 'Allow',
      Action: 's3:ListBucket',
      Resource: '*',
      Condition: { StringLike: { 's3:prefix': ['landing/*', ''] } },
    });
    expect(list('s3:ListBucket', 'b', { 's3:prefix': 'landing/x' })).toBe('allowed');
    expect(list('s3:ListBucket', 'b', { 's3:prefix': 'lake/' })).toBe('not allowed');
    expect(list('s3:ListBucket', 'b')).toBe('not allowed');
  });

  test.each([
    ['Allow', 'not allowed'],
    ['Deny', 'denied explicitly'],
  ])('let an unknown condition operator in a statement that says %s end in "%s"', (Effect, verdict) => {
    const strange = evaluate({ Effect, Action: '*', Resource: '*', Condition: { NumericLessThan: { 'x:y': '5' } } });
    expect(strange('s3:GetObject', 'arn:aws:s3:::b/k')).toBe(verdict);
  });

  test.each([
    [{ StringNotEquals: { k: 'a' } }, { k: 'b' }, true],
    [{ StringNotEquals: { k: 'a' } }, { k: 'a' }, false],
    [{ StringEqualsIgnoreCase: { k: 'A' } }, { k: 'a' }, true],
    [{ StringEqualsIfExists: { k: 'a' } }, {}, true],
    [{ StringEquals: { k: 'a' } }, {}, false],
    [{ ArnLike: { k: 'arn:aws:s3:::*' } }, { k: 'arn:aws:s3:::b' }, true],
    [{ ArnNotLike: { k: 'arn:aws:s3:::*' } }, { k: 'arn:aws:s3:::b' }, false],
    [{ Bool: { k: false } }, { k: 'false' }, true],
    [{ Null: { k: 'true' } }, {}, true],
    [{ Null: { k: 'true' } }, { k: 'x' }, false],
  ])('evaluate %j in %j to %s', (Condition, context, isMet) => {
    const conditional = evaluate({ Effect: 'Allow', Action: '*', Resource: '*', Condition });
    expect(conditional('s3:GetObject', 'r', context as Record<string, string>)).toBe(isMet ? 'allowed' : 'not allowed');
  });
});
