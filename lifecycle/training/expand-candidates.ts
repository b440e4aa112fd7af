import { completeCandidate } from '../../ml/candidate.ts';
import type { Candidate } from '../../ml/model.ts';
import type { Resampling } from '../../ml/resampling/parameters.ts';
import { expandGrid } from '../../ml/selection/parameter-grid.ts';
import type { CandidateSpec } from '../../use-cases/define-use-case.ts';
import { type PresetEntry, presets } from './presets.ts';

/**
 * Writes out every candidate that a use case names, each once, with all its parameters, in the order they are named.
 *
 * @param resampling of candidates that do not name theirs
 * @throws {InvalidParametersError} naming every parameter of a candidate that is unknown or out of range
 * @throws {RangeError} when a grid has a parameter without values
 */
export function expandCandidates(specs: readonly CandidateSpec[], resampling?: Resampling): Candidate[] {
  const entries = specs.flatMap(spec => (typeof spec === 'string' ? presets[spec] : readSpec(spec)));
  const candidates = entries.flatMap(entry => expandEntry(entry, resampling));
  return [...new Map(candidates.map(candidate => [sortedParameters(candidate), candidate])).values()];
}

/** A text that is the same for the same candidate, whatever the order of its parameters. */
export function sortedParameters(candidate: Candidate): string {
  return JSON.stringify(Object.entries(candidate).sort(([left], [right]) => (left < right ? -1 : 1)));
}

function readSpec({ algorithm, grid, ...parameters }: Exclude<CandidateSpec, string>): PresetEntry {
  return { algorithm, parameters, grid };
}

function expandEntry({ algorithm, parameters, grid = {} }: PresetEntry, resampling?: Resampling): Candidate[] {
  return expandGrid(grid).map(combination =>
    completeCandidate(algorithm, { resampling, ...parameters, ...combination }),
  );
}
