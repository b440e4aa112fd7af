import { toNumber } from '../datasets/cell-values.ts';
import { readTable, type TableFile, type TableRow } from '../datasets/table-file.ts';

/** One row's score. */
export interface Score {
  /** In [0, 1]. */
  readonly probability: number;
  /** The label decided for; '' when the file does not say. */
  readonly decision: string;
}

/** Thrown when a file is none of scores, or its scores do not belong to the rows they are evaluated on. */
export class InvalidScoresError extends Error {
  override readonly name = 'InvalidScoresError';

  constructor(path: string, problem: string) {
    super(`Cannot evaluate "${path}": ${problem}`);
  }
}

/**
 * Reads a file of scores: columns `row` (1 for the first data row) and `probability`, and `decision` if it is there.
 *
 * @returns scores by row
 * @throws {UnreadableFileError} @throws {InvalidScoresError}
 */
export async function readScores(file: TableFile): Promise<Map<number, Score>> {
  const { columns, blocks } = await readTable(file);
  const scores = new Map<number, Score>();
  for await (const block of blocks) {
    // The columns of a file are known once it has a row.
    if (block.length > 0) requireColumns(columns, file.path);
    for (const line of block) {
      const row = toNumber(line.text('row'));
      if (scores.has(row)) throw new InvalidScoresError(file.path, `row ${row} is scored twice`);
      scores.set(row, readScore(line, row, file.path));
    }
  }
  requireColumns(columns, file.path);
  if (scores.size === 0) throw new InvalidScoresError(file.path, 'it has no score');
  return scores;
}

function requireColumns(columns: ReadonlySet<string>, path: string): void {
  const missing = ['row', 'probability'].filter(name => !columns.has(name));
  if (missing.length > 0) throw new InvalidScoresError(path, `it lacks the columns ${missing.join(' and ')}`);
}

function readScore(line: TableRow, row: number, path: string): Score {
  const probability = toNumber(line.text('probability'));
  if (!Number.isInteger(row) || row < 1 || !(probability >= 0 && probability <= 1)) {
    throw new InvalidScoresError(
      path,
      `line ${line.number} scores row "${line.text('row')}" with "${line.text('probability')}", expected a row from 1 on and a number in [0, 1]`,
    );
  }
  return { probability, decision: line.text('decision') };
}
