import {
  CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';

/** Thrown when a stack is not deployed where the credentials point. */
export class StackNotFoundError extends Error {
  override readonly name = 'StackNotFoundError';

  constructor(stack: string, options?: ErrorOptions) {
    super(`Stack "${stack}" is not deployed in this account and region`, options);
  }
}

/**
 * Reads the outputs of a deployed stack by output name.
 *
 * @throws {StackNotFoundError}
 */
export async function readStackOutputs(stack: string): Promise<Record<string, string>> {
  const client = new CloudFormationClient({});
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: stack }));
    return Object.fromEntries(
      (Stacks?.[0]?.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey!, OutputValue!]),
    );
  } catch (error) {
    if (error instanceof CloudFormationServiceException && error.name === 'ValidationError') {
      throw new StackNotFoundError(stack, { cause: error });
    }
    throw error;
  }
}
