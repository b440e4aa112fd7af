/** What a program runs on. */
export interface Runtime {
  /** Version of Node.js, as `v24.21.0`. */
  readonly node: string;
  /** Kind of processor, as `arm64`. */
  readonly architecture: string;
}

/** Tells what this program runs on. */
export function readRuntime(): Runtime {
  return { node: process.version, architecture: process.arch };
}
