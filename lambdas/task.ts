import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';

const logger = new Logger({ serviceName: 'perennial' });

/**
 * Wraps the task of a state machine: logs its start, its answer or its error, and lets the error's name through, as Retry and Catch match by it.
 *
 * @param act what the task does, given the state machine's parameters
 */
export function task<Input, Output>(act: (input: Input) => Promise<Output>) {
  return async (input: Input, context: Context): Promise<Output> => {
    logger.addContext(context);
    logger.info('Task started', { input });
    try {
      const output = await act(input);
      logger.info('Task ended', { output });
      return output;
    } catch (error) {
      logger.error('Task failed', error as Error);
      throw error;
    }
  };
}
