import {
  changeNotes,
  InvalidNotesError,
  listNotes,
  type NotesChange,
  readNotes,
} from '../../../lifecycle/registry/version-notes.ts';
import { claimVersion, readVersion, VersionNotFoundError } from '../../../lifecycle/registry/versions.ts';
import { connectTable, type Table } from '../../../platform/table.ts';
import { type EmbeddedServices, startEmbeddedServices } from '../../embedded-services.ts';
import { exampleVersion } from './example-version.ts';

let services: EmbeddedServices;
let registry: Table;
let useCase: string;
let count = 0;
const clock = { now: () => new Date('2026-03-03T09:00:00.000Z'), real: (ms: number) => ms };

beforeAll(async () => {
  services = await startEmbeddedServices();
  registry = connectTable('registry');
});
afterAll(() => services.stop());
beforeEach(async () => {
  useCase = `loans-${++count}`;
  await claimVersion(registry, exampleVersion({ useCase }));
});

function change(change: NotesChange, by = 'ann') {
  return changeNotes({ registry, clock }, { useCase, version: 1, change, by });
}

test('a version that nobody spoke of has no notes', async () => {
  await expect(readNotes(registry, useCase, 1)).resolves.toMatchObject({ description: null, tags: {}, revision: 0 });
});

test('what is said is kept beside the version, which stays as it is', async () => {
  const before = await readVersion(registry, useCase, 1);
  await change({ description: 'first that sees the branch offices', tags: { team: 'growth', risk: 'low' } });
  await change({ tags: { risk: null, ticket: 'M-17' }, metadata: { reviewers: ['ann', 'bob'] } }, 'bob');

  await expect(readNotes(registry, useCase, 1)).resolves.toEqual({
    version: 1,
    description: 'first that sees the branch offices',
    tags: { team: 'growth', ticket: 'M-17' },
    metadata: { reviewers: ['ann', 'bob'] },
    revision: 2,
    changedAt: '2026-03-03T09:00:00.000Z',
    changedBy: 'bob',
  });
  await expect(change({ description: null })).resolves.toMatchObject({ description: null, revision: 3 });
  expect(await readVersion(registry, useCase, 1)).toEqual(before);
});

test('changes by several people at once are all kept', async () => {
  const names = Array.from({ length: 8 }, (_, index) => `tag-${index}`);
  await Promise.all(names.map(name => change({ tags: { [name]: 'x' } })));
  const notes = (await listNotes(registry, useCase)).get(1)!;
  expect(Object.keys(notes.tags).sort()).toEqual(names);
  expect(notes.revision).toBe(8);
});

test('a version that is not there is told of', async () => {
  await expect(changeNotes({ registry, clock }, { useCase, version: 2, change: {}, by: 'ann' })).rejects.toThrow(
    VersionNotFoundError,
  );
});

test.each<[string, NotesChange, string]>([
  ['a long description', { description: 'x'.repeat(4_001) }, 'the description: 4001 characters, at most 4000 are kept'],
  ['a tag without a name', { tags: { '': 'x' } }, 'tag "" is not a letter'],
  ['a long tag', { tags: { a: 'x'.repeat(257) } }, 'tag "a": 257 characters'],
  [
    'many tags',
    { tags: Object.fromEntries(Array.from({ length: 51 }, (_, n) => [`t${n}`, ''])) },
    '51 tags, at most 50',
  ],
  ['much metadata', { metadata: { a: 'x'.repeat(16_000) } }, 'the metadata: 16008 characters as JSON'],
])('%s is refused', async (_, changed, problem) => {
  const error = await change(changed).catch(error => error);
  expect(error).toBeInstanceOf(InvalidNotesError);
  expect(error.message).toContain(problem);
  await expect(readNotes(registry, useCase, 1)).resolves.toMatchObject({ revision: 0 });
});
