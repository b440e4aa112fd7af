import type { UseCase } from '../../use-cases/define-use-case.ts';
import type { Card } from './card.ts';

/** Says in sentences what not to expect of a version, as far as its figures show it. */
export function describeLimits(
  { features, label, gates }: UseCase,
  { version, data, groups }: Omit<Card, 'limits'>,
): string[] {
  const { signature, metrics } = version;
  const unseen = signature.features.flatMap(({ name, levels }) => {
    const feature = features[name];
    const missing =
      feature?.type === 'category' && levels ? feature.levels.filter(level => !levels.includes(level)) : [];
    return missing.length > 0 ? [`${name} (${missing.join(', ')})`] : [];
  });
  const unread = Object.keys(features).filter(name => !signature.features.some(feature => feature.name === name));
  const small = groups.filter(({ metrics }) => !metrics).map(({ feature, level }) => `${feature} ${level}`);
  return [
    `It knows events up to ${data.matureUntil.slice(0, 10)}: a label is final ${label.delayDays} days after its event.`,
    ...(version.runId === null
      ? [
          'It was made elsewhere. Nobody here knows which rows it was fitted on: if those of the holdout were among them, its figures flatter it.',
        ]
      : []),
    ...(metrics.holdout.metrics ? [] : ['The holdout has rows of one label only: its quality is not known.']),
    ...(unread.length > 0 ? [`It does not read ${unread.join(', ')}.`] : []),
    ...(unseen.length > 0
      ? [`Levels that its training rows did not have: ${unseen.join('; ')}. They count as none.`]
      : []),
    ...(small.length > 0 ? [`Too few holdout rows to tell how it does on ${small.join(', ')}.`] : []),
    ...(gates.groups.length === 0
      ? ['The use case names no groups, so differences between groups are not looked at.']
      : []),
    'Outside the ranges of its features it extrapolates. Its figures hold as long as rows come from where the holdout came from.',
  ];
}
