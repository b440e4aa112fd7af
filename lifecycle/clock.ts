import { environmentNames } from '../contracts/environment.ts';

/** The one source of time. Domain time may run faster than real time, from a common origin. */
export interface Clock {
  /** Domain time now. */
  now(): Date;
  /** Real milliseconds that `domainMs` of domain time take. */
  real(domainMs: number): number;
}

/**
 * Makes the clock of this process from its environment.
 * Without `CLOCK_SPEED` it is the system's own; with it, domain time starts at `CLOCK_ORIGIN` and runs `CLOCK_SPEED` times as fast.
 */
export function readClock(variables: Readonly<Record<string, string | undefined>> = process.env): Clock {
  const speed = Number(variables[environmentNames.clockSpeed] ?? 1);
  const origin = Number(variables[environmentNames.clockOrigin] ?? 0);
  if (!(speed > 0))
    throw new RangeError(
      `${environmentNames.clockSpeed} is "${variables[environmentNames.clockSpeed]}", expected a number above 0`,
    );
  return {
    now: () => new Date(origin + (Date.now() - origin) * speed),
    real: domainMs => domainMs / speed,
  };
}

/** By how much a sender's clock may be ahead of ours, in real milliseconds. */
const skewMs = 5 * 60_000;

/** The latest instant at which a sender may say that something happened. */
export function latestTold(clock: Clock): Date {
  return new Date(clock.now().getTime() + skewMs / clock.real(1));
}
