import { type Caller, localAccount, localRegion } from '../service.ts';

type Input = Readonly<Record<string, unknown>>;

/**
 * Requires the permissions that DynamoDB requires for an action.
 *
 * @throws {ServiceError} `AccessDeniedException`
 */
export function authorize(action: string, input: Input, caller: Caller): void {
  const permission = `dynamodb:${action}`;
  for (const resource of resources(action, input)) caller.require(permission, resource);
}

function resources(action: string, input: Input): string[] {
  switch (action) {
    case 'ListTables':
      return ['*'];
    case 'BatchGetItem':
    case 'BatchWriteItem':
      return Object.keys((input.RequestItems as object | undefined) ?? {}).map(tableArn);
    case 'TagResource':
    case 'UntagResource':
    case 'ListTagsOfResource':
      return [String(input.ResourceArn)];
    default:
      return [resource(tableArn(String(input.TableName)), input.IndexName)];
  }
}

function resource(table: string, index: unknown): string {
  return index === undefined ? table : `${table}/index/${index}`;
}

/** ARN of a table; a request may name the table by its ARN already. */
function tableArn(name: string): string {
  return name.startsWith('arn:') ? name : `arn:aws:dynamodb:${localRegion}:${localAccount}:table/${name}`;
}
