/** What a worker thread is started with. */
export interface RuntimeData {
  /** Folder of the unpacked bundle. */
  readonly codeFolder: string;
  /** `file.export`, as the template gives it. */
  readonly handler: string;
  readonly logFile: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memorySizeMb: number;
}

/** To the thread: one request. */
export interface Invocation {
  readonly requestId: string;
  /** JSON. */
  readonly payload: string;
  /** Real instant, in epoch milliseconds, at which the request times out. */
  readonly deadlineMs: number;
}

/** From the thread: it is ready for requests, or its module could not be loaded. */
export type InitializationMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'broken'; readonly error: ErrorAnswer };

/** From the thread: the answer to the last request. */
export interface AnswerMessage {
  readonly type: 'answer';
  /** JSON, when the handler succeeded. */
  readonly payload?: string;
  readonly error?: ErrorAnswer;
  /** Bytes of the thread's heap and of what it holds outside. */
  readonly memoryBytes: number;
}

/** An error as Lambda reports it. */
export interface ErrorAnswer {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}
