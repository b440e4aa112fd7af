import { userInfo } from 'node:os';

/** Who acts, as the ledger shall name them. */
export function operator(): string {
  return `${userInfo().username} (command line)`;
}
