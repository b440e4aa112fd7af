/** The message of a task's error: a Lambda's cause is JSON with `errorMessage` and a trace; any other is text, or absent. */
export function readCause(cause: string | undefined): string {
  try {
    return String(JSON.parse(cause ?? '').errorMessage ?? cause);
  } catch {
    return cause ?? '';
  }
}
