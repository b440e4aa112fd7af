/** Thrown when a landing file as a whole is not what its name says. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
}

/** Thrown when a batch has more rejected rows than the use case's quality allows; nothing of it was inserted. */
export class BatchRefusedError extends Error {
  override readonly name = 'BatchRefusedError';
}

/** Thrown when made-up rows are asked for where there are, or may come, real ones. */
export class SyntheticRowsRefusedError extends Error {
  override readonly name = 'SyntheticRowsRefusedError';
}

/** Thrown when another writer has taken over a batch: whoever holds the newer fencing number goes on with it. */
export class WriterFencedOffError extends Error {
  override readonly name = 'WriterFencedOffError';
}
