import { toNumber } from './cell-values.ts';
import { readTable, type TableFile } from './table-file.ts';

/** What a column's values are: of a category, texts. */
export type ColumnType = 'number' | 'integer' | 'category';

/** What the rows with a label say of one column. */
export interface InferredColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** Rows in which it is blank. */
  readonly missing: number;
  /** The one value of all rows; undefined when there are more, or a blank. */
  readonly constant: string | undefined;
  /** What a person should know: why a category is not read as numbers, or that a column does nothing but count the rows. */
  readonly remark: string | undefined;
  /** Number of the first row whose value no float32 can hold. */
  readonly hugeRow: number | undefined;
}

/** What a file holds, found by reading it once. */
export interface InferredTable {
  /** All columns of the file, the label and the excluded ones too. */
  readonly names: readonly string[];
  /** In the file's order, without label, entity and excluded columns. */
  readonly columns: readonly InferredColumn[];
  /** Rows by the label's value, blank ones as ''; of more than 100 values, the first 100. */
  readonly labels: ReadonlyMap<string, number>;
}

/** What a file's columns are for. */
export interface ColumnRoles {
  /** Name of the label's column. */
  readonly label: string;
  /** Columns that must not train. */
  readonly exclude: readonly string[];
  /** Columns whose numbers are names. */
  readonly categorical: readonly string[];
  /** Column that names whom a row is about, which must not train. @default - each row is about someone else */
  readonly entity?: string | undefined;
}

/**
 * Reads a file once to find what its columns hold: integers or numbers where every value is one, else a category. Rows without a label are not looked at.
 *
 * @throws {UnreadableFileError}
 */
export async function inferColumns(
  file: TableFile,
  { label, exclude, categorical, entity }: ColumnRoles,
): Promise<InferredTable> {
  const { columns, blocks } = await readTable(file);
  const labels = new Map<string, number>();
  const states = new Map<string, ColumnState>();
  let rows = 0;
  for await (const block of blocks) {
    // NDJSON may show a column late: it was blank in the rows before.
    for (const name of columns) if (!states.has(name)) states.set(name, startColumn(name, rows));
    for (const row of block) {
      const value = row.text(label);
      if (labels.size < mostLabels || labels.has(value)) labels.set(value, (labels.get(value) ?? 0) + 1);
      if (value === '') continue;
      rows += 1;
      for (const state of states.values()) observe(state, row.text(state.name), row.number);
    }
  }
  const others = new Set([label, entity, ...exclude]);
  const features = [...states.values()].filter(({ name }) => !others.has(name));
  return {
    names: [...columns],
    labels,
    columns: features.map(state => describe(state, categorical.includes(state.name))),
  };
}

/** A label with as many values is none; the rest of them need not be known. */
const mostLabels = 100;

interface ColumnState {
  readonly name: string;
  missing: number;
  numbers: number;
  integers: number;
  texts: number;
  /** Whether each number is one more than that of the row before. */
  isCounting: boolean;
  last: number;
  /** The first value, a number as float32 has it. */
  first: string | undefined;
  varies: boolean;
  firstText: string | undefined;
  /** Texts of digits with a comma between. */
  commas: number;
  hugeRow: number | undefined;
}

function startColumn(name: string, missing: number): ColumnState {
  return {
    name,
    missing,
    numbers: 0,
    integers: 0,
    texts: 0,
    isCounting: true,
    last: Number.NaN,
    first: undefined,
    varies: false,
    firstText: undefined,
    commas: 0,
    hugeRow: undefined,
  };
}

/** INOUT: `state`. */
function observe(state: ColumnState, text: string, row: number): void {
  if (text === '') {
    state.missing += 1;
    return;
  }
  const number = toNumber(text);
  const value = Number.isNaN(number) ? text : String(Math.fround(number));
  state.first ??= value;
  if (value !== state.first) state.varies = true;
  if (Number.isNaN(number)) {
    state.texts += 1;
    state.firstText ??= text;
    if (withComma.test(text)) state.commas += 1;
    return;
  }
  if (state.numbers > 0 && number !== state.last + 1) state.isCounting = false;
  state.last = number;
  state.numbers += 1;
  if (Number.isSafeInteger(number)) state.integers += 1;
  if (!Number.isFinite(Math.fround(number))) state.hugeRow ??= row;
}

const withComma = /^[+-]?\d[\d.]*,[\d.,]*\d$/;

function describe(state: ColumnState, isCategorical: boolean): InferredColumn {
  const { name, missing, numbers, integers, texts, first, varies, hugeRow } = state;
  const isNumber = !isCategorical && texts === 0 && numbers > 0;
  return {
    name,
    type: !isNumber ? 'category' : integers === numbers ? 'integer' : 'number',
    missing,
    constant: varies || missing > 0 ? undefined : first,
    remark: isCategorical ? undefined : remarkOn(state),
    hugeRow: isNumber ? hugeRow : undefined,
  };
}

function remarkOn({ numbers, texts, isCounting, varies, commas, firstText }: ColumnState): string | undefined {
  if (texts === 0)
    return isCounting && varies ? 'it counts the rows: leave it out by --exclude if that is all it does' : undefined;
  if (commas === texts)
    return `"${firstText}" has a comma: a number has a decimal point, and nothing between thousands`;
  return texts < numbers ? `most values are numbers, but "${firstText}" is none` : undefined;
}
