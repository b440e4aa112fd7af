import fc from 'fast-check';
import { pickVariant } from '../../../lifecycle/inference/router.ts';
import type { Routing } from '../../../lifecycle/release/ledger.ts';

/** A champion and challengers with the given shares. */
function routing(shares: readonly number[], salt = 'release-1'): Routing {
  const champion = 1 - shares.reduce((sum, share) => sum + share, 0);
  const variants = [champion, ...shares].map((share, index) => ({
    name: index === 0 ? 'champion' : `challenger-${index}`,
    version: index + 1,
    modelSha256: String(index).repeat(64),
    threshold: 0.5,
    share,
  }));
  return { salt, variants, shadow: null, aliases: {} };
}

const units = Array.from({ length: 20_000 }, (_, index) => `client-${index}`);
const share = fc.integer({ min: 0, max: 500 }).map(thousandths => thousandths / 1_000);

describe('the router', () => {
  test('gives everything to the champion when it is alone or has it all', () => {
    for (const shares of [[], [0], [0, 0]]) {
      expect(units.every(unit => pickVariant(routing(shares), unit).name === 'champion')).toBe(true);
    }
  });

  test('gives everything to a challenger with the whole share', () => {
    expect(units.every(unit => pickVariant(routing([1]), unit).name === 'challenger-1')).toBe(true);
    expect(units.every(unit => pickVariant(routing([0, 1]), unit).name === 'challenger-2')).toBe(true);
  });

  test.each([[[0.05]], [[0.25]], [[0.1, 0.2, 0.05]], [[0.2, 0.2, 0.2, 0.2]]])(
    'gives challengers the shares %j of 100,000 units to within half a percentage point',
    shares => {
      const { variants, ...rest } = routing(shares);
      const counts = new Map(variants.map(({ name }) => [name, 0]));
      for (let unit = 0; unit < 100_000; unit++) {
        const { name } = pickVariant({ ...rest, variants }, `client-${unit}`);
        counts.set(name, counts.get(name)! + 1);
      }
      for (const { name, share } of variants) {
        expect(Math.abs(counts.get(name)! / 100_000 - share)).toBeLessThan(0.005);
      }
    },
  );

  test('answers alike for the same unit and salt', () => {
    fc.assert(
      fc.property(fc.array(share, { maxLength: 2 }), fc.string(), (shares, unit) => {
        expect(pickVariant(routing(shares), unit)).toEqual(pickVariant(routing(shares), unit));
      }),
    );
  });

  test('moves a unit only from the champion to a challenger as shares grow', () => {
    fc.assert(
      fc.property(fc.tuple(share, share), fc.tuple(share, share), fc.string(), ([a, b], [c, d], unit) => {
        const before = pickVariant(routing([Math.min(a, c), Math.min(b, d)]), unit).name;
        const after = pickVariant(routing([Math.max(a, c), Math.max(b, d)]), unit).name;
        expect(before === 'champion' || before === after).toBe(true);
      }),
    );
  });

  test('assigns units anew for another release', () => {
    const half = (salt: string) => units.filter(unit => pickVariant(routing([0.5], salt), unit).name === 'champion');
    const again = new Set(half('release-2'));
    const both = half('release-1').filter(unit => again.has(unit)).length;
    expect(Math.abs(both / units.length - 0.25)).toBeLessThan(0.02);
  });
});
