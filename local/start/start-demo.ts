import { Progress } from '../../cli/progress.ts';
import { tellStory } from '../demo/story.ts';
import { TimeTravel } from '../demo/time-travel.ts';
import type { StartOptions } from './options.ts';
import { prepare } from './prepare.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { invitation } from './summary.ts';

/** Tells a life in minutes, and goes on serving or ends, as the options say. */
export async function startDemo(options: StartOptions): Promise<void> {
  const progress = new Progress();
  const { assembly } = await prepare(options, progress);
  const travel = new TimeTravel({ ...options, assembly });
  stopOnSignals(travel);
  try {
    await tellStory(travel, progress);
    if (!options.once) console.log(invitation(options.stateFolder));
  } catch (error) {
    await travel.stop();
    throw error;
  }
  if (options.once) await travel.stop();
}
