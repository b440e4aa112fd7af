import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type OpenAthena, openAthena } from './open-athena.ts';

/** A query with what Athena answers: one row, all rows, or the beginning of why it fails. */
interface SqlCase {
  readonly sql: string;
  readonly row?: readonly (string | null)[];
  readonly rows?: readonly (readonly (string | null)[])[];
  readonly error?: string;
}

const folder = join(import.meta.dirname, 'sql');
let athena: OpenAthena;

beforeAll(async () => {
  athena = await openAthena();
});

afterAll(() => athena.close());

for (const file of readdirSync(folder)) {
  describe(`Queries of sql/${file} answer as Athena does`, () => {
    const cases = JSON.parse(readFileSync(join(folder, file), 'utf8')) as SqlCase[];
    test.each(cases)('$sql', async ({ sql, row, rows, error }) => {
      const ended = await athena.run(sql);
      if (error === undefined) {
        expect(ended.reason).toBeUndefined();
        expect(ended.rows).toEqual(rows ?? [row]);
      } else {
        expect(ended.state).toBe('FAILED');
        expect(ended.reason?.slice(0, error.length)).toBe(error);
        expect(ended.reason).not.toContain('GENERIC_INTERNAL_ERROR');
      }
    });
  });
}
