import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { FeatureColumn, LabelledColumns } from '../../ml/columns.ts';

/** One fit: its time, and how well the model ranks the rows that it is judged on. */
export interface Fit {
  readonly seconds: number;
  readonly auc: number;
}

/** A library of the system's Python in a process of its own, with the rows loaded. */
export interface PythonLibrary {
  /** Such as `XGBoost 1.7.4`. */
  readonly version: string;
  fit(question: object): Promise<Fit>;
  close(): void;
}

/**
 * Starts a script beside this file and gives it the rows: files of the features, column after column in float32, and of the labels.
 *
 * @param options further arguments of the script
 * @returns why the library cannot be used, as a text
 */
export async function openPython(
  script: string,
  { columns, labels }: LabelledColumns,
  ...options: string[]
): Promise<PythonLibrary | string> {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-bench-'));
  const files = [join(folder, 'features'), join(folder, 'labels')];
  writeFileSync(files[0]!, Buffer.concat(columns.map(numbersOf)));
  writeFileSync(files[1]!, labels);
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child = spawn('/usr/bin/python3', [path, ...files, String(columns.length), ...options], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => JSON.parse((await lines.next()).value ?? '{"absent":"Python 3 ended"}');
  const close = () => {
    child.kill();
    rmSync(folder, { recursive: true });
  };
  const failed = once(child, 'error').then(([error]) => ({ absent: String(error) }));
  const hello = await Promise.race([answer(), failed]);
  if (hello.absent !== undefined) {
    close();
    return hello.absent;
  }
  return {
    version: hello.version,
    fit: async question => {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      const fit = await answer();
      if (fit.absent !== undefined) throw new Error(`${hello.version} gave no answer: ${fit.absent}`);
      return fit;
    },
    close,
  };
}

/** Levels by their codes. */
function numbersOf(column: FeatureColumn): Uint8Array {
  const { buffer, byteOffset, byteLength } = column.kind === 'number' ? column.values : Float32Array.from(column.codes);
  return new Uint8Array(buffer, byteOffset, byteLength);
}
