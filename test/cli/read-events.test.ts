import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEvents } from '../../cli/read-events.ts';
import type { RecordedEvent } from '../../contracts/events.ts';

const folder = mkdtempSync(join(tmpdir(), 'perennial-events-'));
afterAll(() => rmSync(folder, { recursive: true }));

const line = (id: string) => `{"id":"${id}","reason":"ä"}\n`;

test('events are read as they come, whole lines only, also when the file is begun anew', async () => {
  const file = join(folder, 'events.ndjson');
  const stopped = new AbortController();
  const looks = readEvents(file, { signal: stopped.signal, pollMs: 1 });
  const next = async () => (await looks.next()).value?.map((event: RecordedEvent) => event.id);

  expect(await next()).toEqual([]);
  writeFileSync(file, `${line('1')}${line('2')}${line('3').slice(0, 9)}`);
  expect(await next()).toEqual(['1', '2']);
  appendFileSync(file, line('3').slice(9));
  expect(await next()).toEqual(['3']);
  writeFileSync(file, line('4'));
  expect(await next()).toEqual(['4']);
  stopped.abort();
  expect(await next()).toBeUndefined();
});
