import fc from 'fast-check';
import { closestName } from '../../../lifecycle/inference/closest-name.ts';

const names = ['age', 'job', 'balance', 'day_of_month', 'contact_month', 'campaign'];

describe('closestName()', () => {
  test.each([
    ['blance', 'balance'],
    ['balnace', 'balance'],
    ['Balance', 'balance'],
    ['dayOfMonth', 'day_of_month'],
    ['contact-month', 'contact_month'],
    ['campagin', 'campaign'],
    ['aeg', 'age'],
    ['jobs', 'job'],
  ])('takes %s for %s', (written, meant) => {
    expect(closestName(written, names)).toBe(meant);
  });

  test.each([['temperature'], ['x'], [''], ['balance'.repeat(1_000)]])('takes %.20s for nothing', written => {
    expect(closestName(written, names)).toBeUndefined();
  });

  test('finds a name that is there, and survives any text', () => {
    fc.assert(
      fc.property(fc.string(), written => {
        const found = closestName(written, names);
        expect(found === undefined || names.includes(found)).toBe(true);
      }),
    );
    for (const name of names) expect(closestName(name, names)).toBe(name);
  });
});
