import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { takeRows } from '../lifecycle/training/take-rows.ts';
import type { FeatureColumn } from '../ml/columns.ts';
import { checkDrift, type DriftCheck, neededWindows } from '../ml/drift/check-drift.ts';
import { countWindow } from '../ml/drift/count-window.ts';
import { createSimulator, type Simulator } from '../ml/drift/null-distribution.ts';
import { buildReferenceProfile, type ReferenceProfile } from '../ml/drift/reference-profile.ts';
import { createRandom, shuffle } from '../ml/random.ts';
import { fillMonitoring } from '../use-cases/monitoring-policy.ts';
import { readScoredRows, type ScoredRows } from './monitoring/bank-rows.ts';

const alpha = 0.05;
const { floors } = fillMonitoring();
const referenceRows = 25_000;
/** Windows that are compared with one reference. */
const windowsOfReference = 10;
const random = createRandom(2);

/**
 * Draws references and windows, disjoint, from the bank marketing data: how often a report alarms without drift, how often it finds drift, and whether it
 * alarms for drift too small to matter. A model fitted on 5,000 other rows scores them.
 */
export default async function drift(options: string[]): Promise<object> {
  const { values } = parseArgs({
    args: options,
    options: {
      data: { type: 'string', default: '../shared/data/bank-full.csv' },
      windows: { type: 'string', default: '500' },
    },
  });
  if (!existsSync(values.data)) return { skipped: `there is no ${values.data}: name the data with --data FILE` };
  const data = await readScoredRows(values.data, { algorithm: 'logistic-regression' }, 5_000);
  const references = Math.ceil(Number(values.windows) / windowsOfReference);
  return {
    windows: references * windowsOfReference,
    alpha,
    false_alarm_rate: measureFalseAlarms(data, references),
    power_of_0_3_sd_at_500_rows: measureShifts(data, references, { rows: 500, deviations: 0.3 }),
    power_of_0_5_sd_at_150_rows: measureShifts(data, references, { rows: 150, deviations: 0.5 }),
    power_of_10_to_18_percent_at_500_rows: measureLevels(data, Math.ceil(references / 5)),
    alarm_rate_of_0_02_sd_at_10000_rows: measureShifts(data, Math.ceil(references / 5), {
      rows: 10_000,
      deviations: 0.02,
    }),
  };
}

function measureFalseAlarms(data: ScoredRows, references: number): object {
  const sizes = [50, 100, 200, 500, 1_000, 10_000];
  const alarms = sizes.map(() => 0);
  for (let reference = 0; reference < references; reference++) {
    const split = drawSplit(data, data.rows);
    for (const [i, rows] of sizes.entries()) {
      for (let window = 0; window < windowsOfReference; window++) {
        if (check(data, split, drawRows(split.others, rows)).some(isAlarm)) alarms[i]! += 1;
      }
    }
  }
  return Object.fromEntries(sizes.map((rows, i) => [rows, round(alarms[i]! / (references * windowsOfReference))]));
}

/** How often the check of a number feature alarms after all its values moved by so many standard deviations. */
function measureShifts(
  data: ScoredRows,
  references: number,
  { rows, deviations }: { rows: number; deviations: number },
) {
  const names = data.columns.filter(({ kind }) => kind === 'number').map(({ name }) => name);
  const alarms = names.map(() => 0);
  for (let reference = 0; reference < references; reference++) {
    const split = drawSplit(data, data.rows);
    for (const [i, name] of names.entries()) {
      for (let window = 0; window < windowsOfReference; window++) {
        const alter = (columns: readonly FeatureColumn[]) =>
          columns.map(column => (column.name === name ? shift(column, split.profile, deviations) : column));
        const checks = check(data, split, drawRows(split.others, rows), alter);
        if (checks.some(check => check.subject === name && isAlarm(check))) alarms[i]! += 1;
      }
    }
  }
  return Object.fromEntries(names.map((name, i) => [name, round(alarms[i]! / (references * windowsOfReference))]));
}

function shift(column: FeatureColumn, { features }: ReferenceProfile, deviations: number): FeatureColumn {
  const reference = features.find(({ name }) => name === column.name)!;
  if (column.kind !== 'number' || reference.kind !== 'number') return column;
  return { ...column, values: column.values.map(value => value + deviations * reference.deviation) };
}

/** For every level that has between 5 and 20 % of the rows. */
function measureLevels(data: ScoredRows, references: number): object {
  const figures: [string, number][] = [];
  for (const column of data.columns) {
    if (column.kind !== 'category') continue;
    for (const [code, level] of column.levels.entries()) {
      const having = data.rows.filter(row => column.codes[row] === code);
      const share = having.length / data.rows.length;
      if (share < 0.05 || share > 0.2) continue;
      const lacking = data.rows.filter(row => column.codes[row] !== code);
      figures.push([`${column.name}=${level}`, measureLevel(data, { name: column.name, having, lacking }, references)]);
    }
  }
  return Object.fromEntries(figures);
}

/** References hold 10 % of the level, windows 18 %. */
function measureLevel(
  data: ScoredRows,
  { name, having, lacking }: { name: string; having: Int32Array; lacking: Int32Array },
  references: number,
): number {
  let alarms = 0;
  const atMost = Math.min(having.length * 10, lacking.length / 0.9) * 0.9;
  for (let reference = 0; reference < references; reference++) {
    shuffle(having, random);
    shuffle(lacking, random);
    const tenth = Math.floor(atMost / 10);
    const split = {
      ...profileRows(data, Int32Array.of(...having.slice(0, tenth), ...lacking.slice(0, 9 * tenth))),
      having: having.slice(tenth),
      lacking: lacking.slice(9 * tenth),
    };
    for (let window = 0; window < windowsOfReference; window++) {
      const own = Array.from({ length: 500 }, () => random.uniform() < 0.18).filter(Boolean).length;
      const rows = Int32Array.of(...drawRows(split.having, own), ...drawRows(split.lacking, 500 - own));
      if (check(data, split, rows).some(check => check.subject === name && isAlarm(check))) alarms += 1;
    }
  }
  return round(alarms / (references * windowsOfReference));
}

interface Reference {
  readonly profile: ReferenceProfile;
  readonly simulate: Simulator;
}

function drawSplit(data: ScoredRows, rows: Int32Array): Reference & { readonly others: Int32Array } {
  const order = shuffle(rows.slice(), random);
  return { ...profileRows(data, order.slice(0, referenceRows)), others: order.slice(referenceRows) };
}

function profileRows({ columns, scores, labels }: ScoredRows, rows: Int32Array): Reference {
  const profile = buildReferenceProfile({
    columns,
    rows,
    scores: Float64Array.from(rows, row => scores[row]!),
    labels: Uint8Array.from(rows, row => labels[row]!),
  });
  return { profile, simulate: createSimulator({ windows: neededWindows([{ profile }], alpha), seed: 1 }) };
}

/** Draws without replacement. */
function drawRows(rows: Int32Array, count: number): Int32Array {
  return shuffle(rows, random).slice(0, count);
}

function check(
  data: ScoredRows,
  { profile, simulate }: Reference,
  rows: Int32Array,
  alter = (columns: readonly FeatureColumn[]) => columns,
): DriftCheck[] {
  const columns = alter(takeRows(data.columns, rows));
  const window = countWindow(
    profile,
    columns,
    Float64Array.from(rows, row => data.scores[row]!),
  );
  return checkDrift([{ profile, window }], { alpha, floors, simulate })[0]!;
}

function isAlarm({ verdict }: DriftCheck): boolean {
  return verdict === 'drift';
}

function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
