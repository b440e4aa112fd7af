import { createWriteStream } from 'node:fs';
import { lstat, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import type { FeatureValue, Instance } from '../../contracts/http.ts';
import { toNumber } from '../datasets/cell-values.ts';
import { UnreadableFileError } from '../datasets/errors.ts';
import { readTable, type TableFile, type TableRow } from '../datasets/table-file.ts';
import { closestName } from '../inference/closest-name.ts';
import { type ModelInput, type ModelSession, openModel } from '../inference/model-session.ts';
import { type DecisionRule, readDecisionRule } from './file-signature.ts';

/** What is scored, by what, and where the scores go. */
export interface ScoreFileOptions {
  readonly onnx: Uint8Array;
  readonly file: TableFile;
  /** Path of the file to write. */
  readonly out: string;
}

/** What came of scoring a file. */
export interface ScoredFile {
  readonly rows: number;
  /** Rows decided positive. */
  readonly decidedPositive: number;
  readonly rule: DecisionRule;
}

/**
 * Scores a file block by block, however large it is, and writes a CSV: the row's number, the probability of the positive label, and the label decided for.
 *
 * @throws {UnreadableModelError} @throws {ModelContractError} when the model is none
 * @throws {UnreadableFileError} when the file is none, lacks a column of the model, or has a text where the model wants a number; no scores are left then
 */
export async function scoreFile({ onnx, file, out }: ScoreFileOptions): Promise<ScoredFile> {
  const session = await openModel(onnx);
  try {
    const rule = readDecisionRule(onnx);
    const { columns, blocks } = await readTable(file);
    let rows = 0;
    let decidedPositive = 0;
    async function* lines() {
      yield 'row,probability,decision\n';
      for await (const block of blocks) {
        // The columns of a file are known once it has a row.
        if (block.length === 0) continue;
        if (rows === 0) requireColumns(session.inputs, columns, file.path);
        const scores = await scoreBlock(session, block, file.path);
        rows += block.length;
        decidedPositive += scores.reduce((sum, score) => sum + (score >= rule.threshold ? 1 : 0), 0);
        yield block.map(({ number }, index) => writeLine(number, scores[index]!, rule)).join('');
      }
      if (rows === 0) requireColumns(session.inputs, columns, file.path);
    }
    await pipeline(lines, createWriteStream(out)).catch(error => removeUnfinished(out, error));
    return { rows, decidedPositive, rule };
  } finally {
    await session.close();
  }
}

/** A part of the scores must not pass for all of them. @throws the error */
async function removeUnfinished(out: string, error: unknown): Promise<never> {
  // What is no file of its own, such as a link to a terminal, stays.
  const written = await lstat(out).catch(() => undefined);
  if (written?.isFile()) await rm(out);
  throw error;
}

function requireColumns(inputs: readonly ModelInput[], columns: ReadonlySet<string>, path: string): void {
  const missing = inputs.filter(({ name }) => !columns.has(name));
  if (missing.length === 0) return;
  const described = missing.map(({ name }) => {
    const meant = closestName(name, columns);
    return meant ? `"${name}" (is it "${meant}"?)` : `"${name}"`;
  });
  throw new UnreadableFileError(
    `Cannot score "${path}": the model reads columns that it lacks: ${described.join(', ')}; it has ${describeColumns(columns)}`,
  );
}

/** As many names as people read. */
const namesShown = 20;

function describeColumns(columns: ReadonlySet<string>): string {
  if (columns.size === 0) return 'none';
  const names = [...columns].slice(0, namesShown).map(name => `"${name}"`);
  return columns.size > namesShown ? `${names.join(', ')} and ${columns.size - namesShown} more` : names.join(', ');
}

async function scoreBlock(session: ModelSession, block: readonly TableRow[], path: string): Promise<Float64Array> {
  return session.scoreInstances(block.map(row => readInstance(row, session.inputs, path)));
}

function readInstance(row: TableRow, inputs: readonly ModelInput[], path: string): Instance {
  const values: Record<string, FeatureValue> = {};
  for (const { name, kind } of inputs) {
    const text = row.text(name);
    values[name] = kind === 'category' || text === '' ? text : toNumber(text);
    if (Number.isNaN(values[name])) {
      throw new UnreadableFileError(
        `Cannot score "${path}": in row ${row.number} "${name}" is "${text}", expected a number`,
      );
    }
  }
  return values;
}

/** Nine digits tell every float32 apart. */
const digits = 9;

function writeLine(row: number, score: number, { threshold, positive, negative }: DecisionRule): string {
  return `${row},${Number(score.toPrecision(digits))},${csvField(score >= threshold ? positive : negative)}\n`;
}

function csvField(text: string): string {
  return /[",;|\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
