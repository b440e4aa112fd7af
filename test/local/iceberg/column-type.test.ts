import { isPromotion, toAthenaType, toIcebergType } from '../../../local/iceberg/column-type.ts';
import { InvalidSchemaError } from '../../../local/iceberg/errors.ts';

test.each([
  ['boolean', 'boolean'],
  ['int', 'int'],
  ['bigint', 'long'],
  ['float', 'float'],
  ['double', 'double'],
  ['decimal(10,2)', 'decimal(10, 2)'],
  ['date', 'date'],
  ['string', 'string'],
  ['timestamp', 'timestamp'],
  ['binary', 'binary'],
])('%s is %s in a table and back', (athena, iceberg) => {
  expect(toIcebergType(athena)).toBe(iceberg);
  expect(toAthenaType(iceberg)).toBe(athena);
});

test('case, spaces and the long name of int are taken', () => {
  expect(toIcebergType(' BIGINT ')).toBe('long');
  expect(toIcebergType('Integer')).toBe('int');
  expect(toIcebergType('DECIMAL( 5 , 0 )')).toBe('decimal(5, 0)');
  expect(toIcebergType('decimal(5)')).toBe('decimal(5, 0)');
});

test.each(['tinyint', 'varchar(3)', 'array<int>', '', 'decimal(39,0)', 'decimal(5,6)', 'decimal(0)', 'constructor'])(
  'type "%s" is refused by name',
  type => {
    expect(() => toIcebergType(type)).toThrow(InvalidSchemaError);
    expect(() => toIcebergType(type)).toThrow(`"${type}"`);
  },
);

test('only widening is a promotion', () => {
  expect(isPromotion('int', 'long')).toBe(true);
  expect(isPromotion('float', 'double')).toBe(true);
  expect(isPromotion('decimal(5, 2)', 'decimal(9, 2)')).toBe(true);
  expect(isPromotion('long', 'int')).toBe(false);
  expect(isPromotion('decimal(5, 2)', 'decimal(9, 3)')).toBe(false);
  expect(isPromotion('int', 'string')).toBe(false);
});
