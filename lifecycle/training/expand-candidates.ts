import { type Algorithm, algorithms, completeCandidate } from '../../ml/candidate.ts';
import type { Candidate } from '../../ml/model.ts';
import { expandGrid } from '../../ml/selection/parameter-grid.ts';
import type { CandidateSpec } from '../../use-cases/define-use-case.ts';
import { type PresetEntry, presets } from './presets.ts';

/**
 * Writes out every candidate that a use case names, each once, with all its parameters, in the order they are named.
 *
 * @throws {InvalidParametersError} naming every parameter of a candidate that is unknown or out of range
 * @throws {RangeError} when a grid has a parameter without values
 */
export function expandCandidates(specs: readonly CandidateSpec[]): Candidate[] {
  const candidates = specs.flatMap(spec =>
    typeof spec === 'string' ? presets[spec].filter(canBeFitted).flatMap(expandEntry) : expandEntry(readSpec(spec)),
  );
  return [...new Map(candidates.map(candidate => [sortedParameters(candidate), candidate])).values()];
}

/** A text that is the same for the same candidate, whatever the order of its parameters. */
export function sortedParameters(candidate: Candidate): string {
  return JSON.stringify(Object.entries(candidate).sort(([left], [right]) => (left < right ? -1 : 1)));
}

function canBeFitted({ algorithm }: PresetEntry): boolean {
  return (algorithms as readonly string[]).includes(algorithm);
}

function readSpec({ algorithm, grid, ...parameters }: Exclude<CandidateSpec, string>): PresetEntry {
  return { algorithm, parameters, grid };
}

function expandEntry({ algorithm, parameters, grid = {} }: PresetEntry): Candidate[] {
  return expandGrid(grid).map(combination =>
    completeCandidate(algorithm as Algorithm, { ...parameters, ...combination }),
  );
}
