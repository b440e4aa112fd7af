import { toIcebergType } from '../../../local/iceberg/column-type.ts';
import { InvalidSchemaError } from '../../../local/iceberg/errors.ts';
import { parsePartitioning, partitionColumns } from '../../../local/iceberg/partitioning.ts';
import type { Schema } from '../../../local/iceberg/table-metadata.ts';

const types = {
  id: 'bigint',
  name: 'string',
  at: 'timestamp',
  day: 'date',
  ok: 'boolean',
  x: 'double',
  at_month: 'int',
  '1st': 'int',
};
const schema: Schema = {
  type: 'struct',
  'schema-id': 0,
  fields: Object.entries(types).map(([name, type], index) => ({
    id: index + 1,
    name,
    required: false,
    type: toIcebergType(type),
  })),
};

test.each([
  ['month(day)', 'day_month', 'month', 'int'],
  ['year(at)', 'at_year', 'year', 'int'],
  ['DAY(at)', 'at_day', 'day', 'date'],
  ['hour(at)', 'at_hour', 'hour', 'int'],
  ['bucket(16, id)', 'id_bucket', 'bucket[16]', 'int'],
  ['truncate(name, 4)', 'name_trunc', 'truncate[4]', 'string'],
  ['truncate(100, id)', 'id_trunc', 'truncate[100]', 'long'],
  ['Name', 'name', 'identity', 'string'],
  ['ok', 'ok', 'identity', 'boolean'],
])('PARTITIONED BY (%s) makes partition %s by %s of %s', (term, name, transform, type) => {
  const spec = parsePartitioning([term], schema);
  expect(spec.fields).toMatchObject([{ 'field-id': 1000, name, transform }]);
  expect(partitionColumns(spec, schema)).toMatchObject([{ name, fieldId: 1000, type }]);
});

test('several terms are numbered in their order', () => {
  const { fields } = parsePartitioning(['name', 'day(at)'], schema);
  expect(fields.map(field => field['field-id'])).toEqual([1000, 1001]);
});

test.each([
  ['nobody', 'no column "nobody"'],
  ['week(at)', 'expected a column, year'],
  ['identity(name)', 'expected a column, year'],
  ['month(name)', 'column is string'],
  ['hour(day)', 'column is date'],
  ['x', 'column is double'],
  ['month(at)', 'as a column is'],
  ['month(at, 3)', 'a column alone'],
  ['bucket(id)', 'a column and a width'],
  ['bucket(0, id)', 'width'],
  ['', 'no column ""'],
  ['1st', 'no Avro name'],
])('PARTITIONED BY (%s) is refused', (term, reason) => {
  expect(() => parsePartitioning([term], schema)).toThrow(InvalidSchemaError);
  expect(() => parsePartitioning([term], schema)).toThrow(reason);
});

test('the same partition twice is refused', () => {
  expect(() => parsePartitioning(['day(at)', 'day(at)'], schema)).toThrow('"at_day" is given twice');
});
