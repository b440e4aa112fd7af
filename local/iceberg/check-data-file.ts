import { hasBounds } from './bounds.ts';
import type { DataFile, PartitionValue } from './data-file.ts';
import { InvalidDataFileError } from './errors.ts';
import { type PartitionType, partitionColumns } from './partitioning.ts';
import type { Table } from './table.ts';
import { currentSchema, currentSpec } from './table-metadata.ts';

/**
 * Checks that a file may be added to a table.
 *
 * @throws {InvalidDataFileError}
 */
export async function checkDataFile(table: Table, file: DataFile): Promise<void> {
  const refuse = (reason: string) =>
    new InvalidDataFileError(`Cannot add "${file.uri}" to "${table.location}": ${reason}`);
  if (!file.uri.startsWith(`${table.location}/`)) throw refuse('it lies outside the table');
  if (!(Number.isSafeInteger(file.recordCount) && file.recordCount > 0))
    throw refuse(`it has ${file.recordCount} rows, expected 1 or more`);
  const problem = findPartitionProblem(table, file) ?? findBoundProblem(table, file);
  if (problem) throw refuse(problem);
  const size = await table.store.folder.size(file.uri);
  if (size !== file.fileSizeInBytes) throw refuse(`it has ${size ?? 'no'} bytes, expected ${file.fileSizeInBytes}`);
}

function findPartitionProblem({ metadata }: Table, { partition }: DataFile): string | undefined {
  const columns = partitionColumns(currentSpec(metadata), currentSchema(metadata));
  const names = columns.map(({ name }) => name);
  const given = Object.keys(partition);
  if (given.length !== names.length || !names.every(name => given.includes(name)))
    return `its partition is by (${given.join(', ')}), expected (${names.join(', ')})`;
  const wrong = columns.find(({ name, type }) => !isOfType(partition[name] ?? null, type));
  return wrong && `partition "${wrong.name}" is ${typeof partition[wrong.name]}, expected ${wrong.type}`;
}

function findBoundProblem({ metadata }: Table, { bounds = new Map() }: DataFile): string | undefined {
  const types = new Map(currentSchema(metadata).fields.map(({ id, type }) => [id, type]));
  for (const [id, { lower, upper }] of bounds) {
    const type = types.get(id);
    if (!type || !hasBounds(type))
      return `field ${id} (${type ?? 'unknown'}) has bounds, which only int, long, date and timestamp take`;
    if (lower > upper) return `the bounds of field ${id} are ${lower} and ${upper}`;
  }
  return undefined;
}

function isOfType(value: PartitionValue, type: PartitionType): boolean {
  if (value === null) return true;
  if (type === 'int' || type === 'date') return Number.isInteger(value);
  if (type === 'long' || type === 'timestamp') return typeof value === 'bigint';
  return typeof value === type;
}
