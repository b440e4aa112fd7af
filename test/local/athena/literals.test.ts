import fc from 'fast-check';
import { parseCsv, printCsv } from '../../../local/athena/results/csv.ts';
import { type OpenAthena, openAthena } from './open-athena.ts';

let athena: OpenAthena;

beforeAll(async () => {
  athena = await openAthena();
});

afterAll(() => athena.close());

/** Texts as SQL can hold them, rich in what quoting could trip over. */
const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 20 }).filter(value => !value.includes('\0')),
  fc
    .array(
      fc.constantFrom(
        "'",
        '"',
        '\\',
        '--',
        '/*',
        '*/',
        ';',
        '?',
        '$1',
        '$tail',
        '\n',
        ',',
        '%',
        'ä',
        '🙂',
        ' ',
        '||',
        ')',
      ),
    )
    .map(parts => parts.join('')),
);
const quote = (value: string) => `'${value.replaceAll("'", "''")}'`;

describe('A text', () => {
  test('comes back as it was written, in a statement and as a parameter of one.', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (a, b) => {
        const ended = await athena.run(
          `SELECT ${quote(a)} AS a, concat(${quote(b)}, '') AS b, length(${quote(a)}) AS n WHERE ${quote(b)} = ?`,
          { parameters: [quote(b)] },
        );
        expect(ended.reason).toBeUndefined();
        expect(ended.rows).toEqual([[a, b, `${[...a].length}`]]);
      }),
      { numRuns: 100 },
    );
  });

  test('cannot leave its parameter: whatever is no constant is refused.', async () => {
    await fc.assert(
      fc.asyncProperty(text, async value => {
        const { state, rows, reason } = await athena.run('SELECT 1 WHERE ? IS NOT NULL', { parameters: [value] });
        if (state === 'SUCCEEDED') expect(rows.length).toBeLessThanOrEqual(1);
        else expect(reason).toMatch(/INVALID_PARAMETER_USAGE|SYNTAX_ERROR/);
      }),
      { numRuns: 100 },
    );
    const { reason } = await athena.run('SELECT 1 WHERE ? = 1', { parameters: ['1 OR 1 = 1'] });
    expect(reason).toMatch('is no constant');
  });
});

describe('A column name', () => {
  test('may hold anything when it is quoted, but begin with a double quote.', async () => {
    await fc.assert(
      fc.asyncProperty(
        text.filter(value => value.trim() !== '' && !value.startsWith('"')),
        async name => {
          const quoted = `"${name.replaceAll('"', '""')}"`;
          const { reason, names, rows } = await athena.run(`SELECT ${quoted} FROM (SELECT 7 AS ${quoted}) AS t`);
          expect(reason).toBeUndefined();
          expect([names, rows]).toEqual([[name], [['7']]]);
        },
      ),
      { numRuns: 50 },
    );
  });
});

test('A result file gives back the rows that were printed, NULL apart from the empty text.', () => {
  const rows = fc.array(fc.array(fc.option(text), { minLength: 2, maxLength: 2 }));
  fc.assert(fc.property(rows, values => expect(parseCsv(printCsv(values))).toEqual(values)));
});
