import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { LabelledColumns } from '../../ml/columns.ts';

/** One fit's time and its accuracy on the rows after the fitted ones. */
export interface Fit {
  readonly seconds: number;
  readonly auc: number;
}

/** XGBoost in a process of its own, with the rows loaded. */
export interface Xgboost {
  readonly version: string;
  fit(threads: number): Promise<Fit>;
  close(): void;
}

/** Starts XGBoost of the system's Python. @returns why there is none, as a text */
export async function openXgboost({ columns, labels }: LabelledColumns, fittedRows: number): Promise<Xgboost | string> {
  const folder = mkdtempSync(join(tmpdir(), 'perennial-bench-'));
  const files = [join(folder, 'features'), join(folder, 'labels')];
  const parts = columns.map(column => (column.kind === 'number' ? column.values : Float32Array.from(column.codes)));
  writeFileSync(files[0]!, Buffer.concat(parts.map(values => new Uint8Array(values.buffer))));
  writeFileSync(files[1]!, labels);
  const script = fileURLToPath(new URL('fit_xgboost.py', import.meta.url));
  const child = spawn('/usr/bin/python3', [script, ...files, String(columns.length), String(fittedRows)], {
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
    fit: async threads => {
      child.stdin.write(`${threads}\n`);
      const fit = await answer();
      if (fit.absent !== undefined) throw new Error(`XGBoost gave no answer: ${fit.absent}`);
      return fit;
    },
    close,
  };
}
