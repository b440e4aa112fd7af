/** Thrown when a variable that infra sets is absent. */
export class MissingVariableError extends Error {
  override readonly name = 'MissingVariableError';

  constructor(variable: string) {
    super(`Environment variable ${variable} is not set`);
  }
}

/**
 * Reads a variable that must be there.
 *
 * @throws {MissingVariableError} when it is absent or empty
 */
export function requiredVariable(name: string): string {
  const value = process.env[name];
  if (!value) throw new MissingVariableError(name);
  return value;
}
