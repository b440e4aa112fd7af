import { join } from 'node:path';
import { localRegion, ServiceError } from '../service.ts';
import { FunctionError } from './function-error.ts';
import { openFunctionLog } from './function-log.ts';
import { createFunctionPool, type FunctionPool } from './function-pool.ts';

/** A function of the template. */
export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  /** Short name for people and fault rules, for instance `Ingest`. */
  readonly label: string;
  readonly codeFolder: string;
  /** `file.export` */
  readonly handler: string;
  readonly memorySizeMb: number;
  readonly timeoutSeconds: number;
  /** The template's variables. */
  readonly variables: Readonly<Record<string, string>>;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly logGroup: string;
  /** Whether one thread stays ready for people who wait for its answer. */
  readonly keepsOne: boolean;
}

export interface LambdaOptions {
  readonly functions: readonly LambdaFunction[];
  readonly endpoint: string;
  /** Folder of the log files `<label>.log`. */
  readonly logFolder: string;
  /** Variables that every function sees beside its own, for instance the clock's. */
  readonly variables?: Readonly<Record<string, string>>;
}

/** Lambda: each function's bundle in worker threads of its own. */
export interface Lambda {
  readonly functions: readonly LambdaFunction[];
  /**
   * Runs a function and returns its answer.
   *
   * @param name name or ARN
   * @throws {FunctionError} when the function failed, or answered too much
   * @throws {ServiceError} when there is none of this name, or the payload is too large
   */
  invoke(name: string, payload: string): Promise<string>;
  /** Ends the threads of a function that are at work, as if they had crashed. */
  crash(name: string): void;
  stop(): Promise<void>;
}

/** Bytes that a synchronous request and its answer may have. */
const payloadLimit = 6 * 1024 * 1024;

/** Makes the functions; their threads start with the first requests. */
export function createLambda({ functions, endpoint, logFolder, variables = {} }: LambdaOptions): Lambda {
  const pools = new Map<string, FunctionPool>();
  const logs = functions.map(definition => {
    const { label, arn, name, memorySizeMb, timeoutSeconds, keepsOne, codeFolder, handler } = definition;
    const logFile = join(logFolder, `${label}.log`);
    const log = openFunctionLog(logFile, memorySizeMb);
    const pool = createFunctionPool({
      data: { codeFolder, handler, logFile, functionName: name, functionArn: arn, memorySizeMb },
      environment: { ...variables, ...environmentOf(definition, endpoint) },
      timeoutSeconds,
      keepsOne,
      log,
    });
    pools.set(name, pool).set(arn, pool);
    return log;
  });

  function find(name: string): FunctionPool {
    const pool = pools.get(name);
    if (pool) return pool;
    throw new ServiceError('ResourceNotFoundException', `Function not found: ${name}`, 404);
  }

  return {
    functions,
    async invoke(name, payload) {
      if (Buffer.byteLength(payload) > payloadLimit) {
        throw new ServiceError('RequestTooLargeException', `Request must be smaller than ${payloadLimit} bytes`, 413);
      }
      const answer = await find(name).invoke(payload);
      if (Buffer.byteLength(answer) <= payloadLimit) return answer;
      throw new FunctionError({
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage: `Response payload size exceeded maximum allowed payload size (${payloadLimit} bytes).`,
      });
    },
    crash: name => find(name).crash(),
    async stop() {
      await Promise.all(new Set(pools.values()).values().map(pool => pool.stop()));
      await Promise.all(logs.map(log => log.stop()));
    },
  };
}

/** The variables that Lambda itself sets, where the embedded cloud is AWS. */
function environmentOf(definition: LambdaFunction, endpoint: string): Record<string, string> {
  const { name, memorySizeMb, codeFolder, handler, variables, credentials, logGroup } = definition;
  return {
    ...variables,
    AWS_REGION: localRegion,
    AWS_DEFAULT_REGION: localRegion,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memorySizeMb),
    AWS_LAMBDA_LOG_GROUP_NAME: logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    LAMBDA_TASK_ROOT: codeFolder,
    _HANDLER: handler,
    TZ: ':UTC',
  };
}
