import { createHash } from 'node:crypto';
import { isHoldout } from '../../../lifecycle/datasets/holdout.ts';

test('the holdout is decided by the first 32 bits of the id’s MD5', () => {
  for (const id of ['a', 'client-7', 'é', '']) {
    const digest = createHash('md5').update(id, 'utf8').digest();
    expect(isHoldout(id)).toBe(digest.readUInt32BE(0) % 100 < 20);
  }
});

test('a fifth of many entities is in the holdout', () => {
  const share =
    Array.from({ length: 20_000 }, (_, index) => isHoldout(`entity ${index}`)).filter(Boolean).length / 20_000;
  expect(share).toBeCloseTo(0.2, 2);
});
