import { groupByEntity } from '../../../lifecycle/training/group-by-entity.ts';

test('groups are the entities where one has several of the rows, and nothing where each row is its own', () => {
  const entities = ['a', 'b', 'a', 'c'];
  expect(groupByEntity(entities, Int32Array.of(0, 2, 3))).toEqual(['a', 'a', 'c']);
  expect(groupByEntity(entities, Int32Array.of(1, 2, 3))).toBeUndefined();
});
