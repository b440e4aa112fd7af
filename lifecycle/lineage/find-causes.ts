import type { RunModel, TrackedRun } from '../registry/runs.ts';
import type { Runtime } from '../training/runtime.ts';

/** Something that decides a model, and that was not as it is on record. */
export interface Cause {
  readonly what: string;
  readonly recorded: string;
  readonly used: string;
}

/** What a model is made of and by. */
export interface Making extends Pick<TrackedRun, 'parameters' | 'seed'>, Runtime {
  /** sha256 of the dataset's rows. */
  readonly content: string;
  /** sha256 of the trainer's program, or what else it is. */
  readonly program: string;
}

/** What is on record of how a run's model was made. */
export function readMaking({ parameters, seed, tags }: TrackedRun, { runtime }: RunModel): Making {
  return { parameters, seed, content: tags.content_hash, program: tags.code_version, ...runtime };
}

/** Lists in what two makings differ, which should have come to the same model. */
export function findCauses(recorded: Making, used: Making): Cause[] {
  const [before, now] = [layOut(recorded), layOut(used)];
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return names
    .filter(what => before[what] !== now[what])
    .map(what => ({ what, recorded: before[what] ?? 'none', used: now[what] ?? 'none' }));
}

function layOut({ content, program, parameters, seed, node, architecture }: Making): Record<string, string> {
  const named = Object.entries(parameters).map(([name, value]) => [`parameter ${name}`, JSON.stringify(value)]);
  return {
    ...{ dataset: content, program, seed: String(seed) },
    ...Object.fromEntries(named),
    ...{ 'version of Node.js': node, 'kind of processor': architecture },
  };
}
