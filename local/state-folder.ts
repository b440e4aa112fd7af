import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceFile } from './replace-file.ts';

/** Thrown when another cloud runs on the folder. */
export class StateFolderHeldError extends Error {
  override readonly name = 'StateFolderHeldError';

  constructor(folder: string, pid: number) {
    super(`${folder} is in use by the embedded cloud of process ${pid}; end it first, or choose another folder`);
  }
}

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Folders that clouds of this very process hold. */
const held = new Set<string>();

/**
 * Takes the folder for this process alone, and makes it when it is not there. What a process that was killed left is no hindrance.
 *
 * @returns gives it back
 * @throws {StateFolderHeldError}
 */
export function holdStateFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, 'lock');
  for (;;) {
    try {
      writeFileSync(file, identityOf(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const identity = readLock(file);
      const pid = Number.parseInt(identity, 10);
      if (held.has(file) || (pid !== process.pid && isAlive(pid, identity)))
        throw new StateFolderHeldError(folder, pid);
      rmSync(file, { force: true });
    }
  }
  held.add(file);
  return () => {
    held.delete(file);
    rmSync(file, { force: true });
  };
}

/** The administrator's key that the folder keeps, readable by its owner only; made when there is none. */
export function administratorKey(folder: string): AccessKey {
  const file = join(folder, 'administrator.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const key = createAccessKey();
  replaceFile(file, JSON.stringify(key), 0o600);
  return key;
}

/** A key that nobody can guess, in the form of AWS's own. */
export function createAccessKey(): AccessKey {
  return {
    accessKeyId: `AKIA${randomBytes(10).toString('hex').toUpperCase().slice(0, 16)}`,
    secretAccessKey: randomBytes(30).toString('base64'),
  };
}

function readLock(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    // Given back meanwhile.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** Whether the process that wrote the lock lives, and is not another one under the same number. */
function isAlive(pid: number, identity: string): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return identityOf(pid) === identity;
}

/** A process number, and where the system tells it, since when the process runs. */
function identityOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return `${pid} ${stat.slice(stat.lastIndexOf(')')).split(' ')[20]}`;
  } catch {
    return String(pid);
  }
}
