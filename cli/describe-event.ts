import type { EventDetails, EventType, RecordedEvent } from '../contracts/events.ts';
import { nameStep } from '../lifecycle/release/name-step.ts';
import { minute } from './text.ts';

/** An event in one line: when, what, of which use case, and the rest in words. */
export function describeEvent({ time, 'detail-type': type, detail }: RecordedEvent): string {
  const describe = descriptions[type] as (detail: EventDetails[EventType]) => string;
  return `${minute(time)}  ${type.padEnd(longestType)}  ${detail.useCase}: ${describe(detail)}`;
}

const descriptions: { readonly [Type in EventType]: (detail: EventDetails[Type]) => string } = {
  'Version Registered': ({ version }) => `version ${version}`,
  'Approval Wanted': ({ release, version, deadline }) =>
    `release ${release} of version ${version}, until ${minute(deadline)}`,
  'Release Step': ({ version, step }) => `version ${version}, ${nameStep(step)}`,
  'Champion Changed': ({ champion, reason }) => `version ${champion}: ${reason}`,
  'Rolled Back': ({ version, reason }) => `version ${version}: ${reason}`,
  'Release Declined': ({ version, reason }) => `version ${version}: ${reason}`,
  'Release Held': ({ version, step, reason }) => `version ${version}, ${nameStep(step)}: ${reason}`,
  'Monitor Report': ({ reportId, action, reasons }) => `${reportId}, ${action}: ${reasons.join('; ')}`,
  'Monitor Alert': ({ reportId, action, reasons }) => `${reportId}, ${action}: ${reasons.join('; ')}`,
};

const longestType = Math.max(...Object.keys(descriptions).map(type => type.length));
