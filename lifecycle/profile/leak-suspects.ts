import type { FeatureProfile, LeakSuspect } from '../../contracts/profile.ts';

/** No feature that is known before the outcome predicts it so well alone. */
const tooGood = 0.9;
/** Neither does one that is so good, and so far ahead of all others. */
const remarkable = 0.75;
const ahead = 0.1;

/** Features that may know the label: the strongest first. */
export function findLeakSuspects(features: readonly Pick<FeatureProfile, 'name' | 'withLabel'>[]): LeakSuspect[] {
  const ranked = features
    .flatMap(({ name, withLabel }) => (withLabel ? [{ feature: name, auc: withLabel.auc }] : []))
    .sort((left, right) => right.auc - left.auc);
  const [best, second] = ranked;
  const suspects = ranked
    .filter(({ auc }) => auc >= tooGood)
    .map(suspect => ({ ...suspect, reason: `alone it reaches an AUC of ${suspect.auc.toFixed(3)}` }));
  if (suspects.length > 0 || !best || !second) return suspects;
  if (best.auc < remarkable || best.auc - second.auc < ahead) return [];
  return [
    { ...best, reason: `alone it reaches an AUC of ${best.auc.toFixed(3)}, the next best ${second.auc.toFixed(3)}` },
  ];
}
