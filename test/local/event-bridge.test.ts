import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventsFile } from '../../contracts/events.ts';
import { createEventBridge } from '../../local/event-bridge.ts';
import { type Caller, ServiceError } from '../../local/service.ts';

const stateFolder = mkdtempSync(join(tmpdir(), 'perennial-events-'));
afterAll(() => rmSync(stateFolder, { recursive: true }));

const arn = 'arn:aws:events:us-east-1:000000000000:event-bus/Perennial';
const clock = { now: () => new Date('2026-03-02T03:10:00.000Z'), real: (ms: number) => ms };
const bridge = createEventBridge({ buses: new Map([['Perennial', arn]]), stateFolder, clock });
const asked: string[] = [];
const caller: Caller = { principal: 'p', require: (action, resource) => void asked.push(`${action} ${resource}`) };

function put(EventBusName: string, by: Caller = caller) {
  const entry = { EventBusName, Source: 'perennial', DetailType: 'Rolled Back', Detail: '{"version":2}' };
  return bridge.handle('PutEvents', { Entries: [entry] }, by);
}

test('an event is written down as a target would get it, if the caller may put it', async () => {
  expect(await put('Perennial')).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] });
  expect(asked).toEqual([`events:PutEvents ${arn}`]);
  const refused = {
    ...caller,
    require: () => {
      throw new ServiceError('AccessDeniedException', 'no');
    },
  };
  await expect(put('Perennial', refused)).rejects.toMatchObject({ code: 'AccessDeniedException' });
  const lines = readFileSync(join(stateFolder, eventsFile), 'utf8').trimEnd().split('\n');
  expect(lines.map(line => JSON.parse(line))).toEqual([
    {
      ...{ id: expect.any(String), time: '2026-03-02T03:10:00.000Z', source: 'perennial' },
      ...{ 'detail-type': 'Rolled Back', detail: { version: 2 } },
    },
  ]);
});

test('a bus that is not there and other actions are refused', async () => {
  await expect(put('Other')).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
  await expect(bridge.handle('PutRule', {}, caller)).rejects.toMatchObject({ code: 'UnknownOperationException' });
});
