/** Events that Perennial puts on its own EventBridge bus: source `perennial`, one detail type each. They come at least once. */

export const eventSource = 'perennial';

/** A routing decision that took effect. The same `entry` of a use case is the same event, however often it comes. */
export interface RoutingEvent {
  readonly useCase: string;
  /** Number of the ledger entry. */
  readonly entry: number;
  /** Number of the release; null where a person decided outside of one. */
  readonly release: number | null;
  /** The version that was decided on. */
  readonly version: number;
  /** ISO instant. */
  readonly at: string;
  readonly by: string;
  readonly reason: string;
}

/** Details by detail type. */
export interface EventDetails {
  /** A model got its version number. */
  readonly 'Version Registered': {
    readonly useCase: string;
    readonly version: number;
    readonly at: string;
    readonly by: string;
  };
  /** A release waits for a person until the deadline. */
  readonly 'Approval Wanted': {
    readonly useCase: string;
    readonly release: number;
    readonly version: number;
    readonly deadline: string;
  };
  /** A version on trial got its step: `shadow`, or its share of the units in (0, 1). */
  readonly 'Release Step': RoutingEvent & { readonly step: 'shadow' | number };
  /** Another version answers by default; null where none did before. */
  readonly 'Champion Changed': RoutingEvent & { readonly champion: number; readonly before: number | null };
  /** A version on trial was taken back, or a champion was. */
  readonly 'Rolled Back': RoutingEvent & { readonly champion: number | null };
  /** A release ended before any traffic moved: who had to approve did not. */
  readonly 'Release Declined': RoutingEvent;
  /** The evidence of a step does not suffice, and the policy says to go on waiting. */
  readonly 'Release Held': {
    readonly useCase: string;
    readonly release: number;
    readonly version: number;
    readonly step: 'shadow' | number;
    readonly reason: string;
  };
  /** A window was looked at, and it was decided what to do about it. Comes again where a window is looked at again. */
  readonly 'Monitor Report': {
    readonly useCase: string;
    /** The window's end, `2026-11-21T00`, and how often it was looked at. */
    readonly reportId: string;
    readonly revision: number;
    /** ISO instants of the window `[from, to)`. */
    readonly from: string;
    readonly to: string;
    readonly champion: number | null;
    readonly drifted: readonly string[];
    readonly worse: readonly string[];
    readonly action: 'retrain' | 'alert' | 'none';
    readonly reasons: readonly string[];
    readonly obstacles: readonly string[];
    /** ARN of the lifecycle that was started. */
    readonly lifecycle: string | null;
  };
  /** Something was found that a person should know of. */
  readonly 'Monitor Alert': {
    readonly useCase: string;
    readonly reportId: string;
    readonly action: 'retrain' | 'alert';
    readonly reasons: readonly string[];
    readonly lifecycle: string | null;
  };
}

export type EventType = keyof EventDetails;

/** An event as the target of a rule gets it. */
export type RecordedEvent = {
  readonly [Type in EventType]: {
    readonly id: string;
    /** ISO instant. */
    readonly time: string;
    readonly source: string;
    readonly 'detail-type': Type;
    readonly detail: EventDetails[Type];
  };
}[EventType];

/** File of the embedded cloud's state folder to which every event is appended, one JSON line each. */
export const eventsFile = 'events.ndjson';

/** Events that a person is told of. */
export const eventsForPeople: readonly EventType[] = [
  'Approval Wanted',
  'Champion Changed',
  'Rolled Back',
  'Release Declined',
  'Release Held',
  'Monitor Alert',
];
