/** Who calls a service of the embedded cloud. */
export interface Caller {
  /** ARN of the function's role, or of the local administrator. */
  readonly principal: string;
  /**
   * Evaluates the caller's policies for one IAM action on one resource ARN.
   *
   * @param context condition keys by name in lower case, for instance `s3:prefix`
   * @throws {ServiceError} `AccessDeniedException`, as AWS would answer
   */
  require(action: string, resource: string, context?: Readonly<Record<string, string>>): void;
}

/** A service that speaks AWS's JSON protocol (`X-Amz-Target: Prefix.Action`). It authorizes each call itself, as it knows what the call touches. */
export interface JsonService {
  /** Answers one action. @throws {ServiceError} */
  handle(action: string, input: Readonly<Record<string, unknown>>, caller: Caller): Promise<object>;
  stop(): Promise<void>;
}

/** An error that the caller's SDK shall see under its AWS name. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';
  /** The exception's name, for instance `InvalidRequestException`. */
  readonly code: string;
  readonly status: number;
  /** Further fields of the answer, for instance `CancellationReasons`. */
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, status = 400, fields: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.fields = fields;
  }
}

/** Account and region that every ARN of the embedded cloud names. */
export const localAccount = '000000000000';
export const localRegion = 'us-east-1';
