import { connectDeployment, type Deployment } from '../../cli/deployment.ts';
import { environmentNames } from '../../contracts/environment.ts';
import { type Cloud, startCloud } from '../cloud.ts';
import type { CloudOptions } from '../ground.ts';

const dayMs = 86_400_000;

/** An instant of the story. */
export interface Moment {
  /** Days since the story began. */
  readonly day: number;
  /** Hour of that day in UTC. */
  readonly hour: number;
  /** How many times as fast the clock runs from then on, above 1. */
  readonly speed: number;
}

/** A cloud that is started again at later and later moments, on one state folder. */
export class TimeTravel {
  readonly #options: CloudOptions;
  /** Epoch milliseconds at which day 0 begins. */
  readonly #dayZero = new Date().setUTCHours(0, 0, 0, 0);
  #cloud: Cloud | undefined;

  constructor(options: CloudOptions) {
    this.#options = options;
  }

  get stateFolder(): string {
    return this.#options.stateFolder;
  }

  /** Stops the cloud, if it runs, and starts it at a moment; what ran goes on there. */
  async goTo({ day, hour, speed }: Moment): Promise<Deployment> {
    await this.stop();
    process.env[environmentNames.clockSpeed] = String(speed);
    const instant = this.#dayZero + day * dayMs + hour * (dayMs / 24);
    process.env[environmentNames.clockOrigin] = String(clockOrigin(Date.now(), instant, speed));
    this.#cloud = await startCloud(this.#options);
    return connectDeployment({ state: this.#options.stateFolder });
  }

  async stop(): Promise<void> {
    await this.#cloud?.stop();
    this.#cloud = undefined;
  }
}

/** The origin at which a clock of a speed shows `instant` when it is `now` in truth: it shows `origin + (now − origin) · speed`. */
export function clockOrigin(now: number, instant: number, speed: number): number {
  return Math.round((speed * now - instant) / (speed - 1));
}
