import { completeCandidate } from '../../ml/candidate.ts';
import type { Candidate } from '../../ml/model.ts';
import { drawCombinations, expandGrid } from '../../ml/selection/parameter-grid.ts';
import type { CandidateSpec, UseCase } from '../../use-cases/define-use-case.ts';
import { type PresetEntry, presets } from './presets.ts';

type ExpandOptions = Partial<Pick<UseCase['training'], 'resampling' | 'seed'>>;

/**
 * Writes out every candidate that a use case names, each once, with all its parameters, in the order they are named.
 *
 * @param options.resampling of candidates that do not name theirs
 * @param options.seed decides what a random search draws
 * @throws {InvalidParametersError} naming every parameter of a candidate that is unknown or out of range
 * @throws {RangeError} when a grid or search has a parameter without values
 */
export function expandCandidates(specs: readonly CandidateSpec[], options: ExpandOptions = {}): Candidate[] {
  const entries = specs.flatMap(spec => (typeof spec === 'string' ? presets[spec] : readSpec(spec)));
  const candidates = entries.flatMap(entry => expandEntry(entry, options));
  return [...new Map(candidates.map(candidate => [sortedParameters(candidate), candidate])).values()];
}

/** A text that is the same for the same candidate, whatever the order of its parameters. */
export function sortedParameters(candidate: Candidate): string {
  return JSON.stringify(Object.entries(candidate).sort(([left], [right]) => (left < right ? -1 : 1)));
}

function readSpec({ algorithm, grid, search, ...parameters }: Exclude<CandidateSpec, string>): PresetEntry {
  return { algorithm, parameters, grid, search };
}

function expandEntry(
  { algorithm, parameters, grid = {}, search }: PresetEntry,
  { resampling, seed = 0 }: ExpandOptions,
): Candidate[] {
  const drawn = search ? drawCombinations(search.space, search.count, seed) : [{}];
  return expandGrid(grid).flatMap(combination =>
    drawn.map(draw => completeCandidate(algorithm, { resampling, ...parameters, ...combination, ...draw })),
  );
}
