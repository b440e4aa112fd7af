import { meanInterval } from '../../ml/sequential/confidence-sequence.ts';
import { addToMoments, noMoments } from '../../ml/sequential/moments.ts';
import type { ModelSession } from '../inference/model-session.ts';
import type { ScorableRow } from './archived-evidence.ts';
import { isEnough } from './gate.ts';
import { acceptedRange, type ScoreDifference } from './score-difference.ts';
import { scoreRows } from './score-rows.ts';
import type { DifferenceEvidence, QualityEvidence } from './step-evidence.ts';

/** The models of both versions. */
export interface BothModels {
  readonly champion: ModelSession;
  readonly challenger: ModelSession;
}

/** Both versions' scores of one logged row. */
export interface ScorePair {
  readonly predictionId: string;
  readonly champion: number;
  readonly challenger: number;
}

/** Rows scored at a time. */
const blockRows = 500;

/** Scores logged rows by both versions; a row that either fails on is left out. */
export async function scoreByBoth(models: BothModels, rows: readonly ScorableRow[]): Promise<ScorePair[]> {
  const pairs: ScorePair[] = [];
  for (let start = 0; start < rows.length; start += blockRows) {
    const block = rows.slice(start, start + blockRows);
    const features = block.map(({ features }) => features);
    const champion = await scoreRows(models.champion, features);
    const challenger = await scoreRows(models.challenger, features);
    for (const [row, { predictionId }] of block.entries()) {
      const scores = { champion: champion[row]!.probability, challenger: challenger[row]!.probability };
      if (scores.champion !== null && scores.challenger !== null) pairs.push({ predictionId, ...scores } as ScorePair);
    }
  }
  return pairs;
}

/** Holds the differences of pairs against those that the same two versions showed at the gate. */
export function compareDifference(pairs: readonly ScorePair[], gate: ScoreDifference): DifferenceEvidence | null {
  if (pairs.length === 0) return null;
  const accepted = acceptedRange(gate);
  const differences = pairs.map(({ champion, challenger }) => challenger - champion);
  return {
    rows: pairs.length,
    outside: differences.filter(difference => difference < accepted[0] || difference > accepted[1]).length,
    accepted,
    meanDifference: differences.reduce((sum, difference) => sum + difference, 0) / pairs.length,
  };
}

/** Compares how well the scores of pairs foretold the labels that are known; null while none is. */
export function compareQuality(
  pairs: readonly ScorePair[],
  labels: ReadonlyMap<string, 0 | 1>,
): QualityEvidence | null {
  let improvement = noMoments;
  let positives = 0;
  let championBrier = 0;
  let challengerBrier = 0;
  for (const { predictionId, champion, challenger } of pairs) {
    const label = labels.get(predictionId);
    if (label === undefined) continue;
    const losses = { champion: (champion - label) ** 2, challenger: (challenger - label) ** 2 };
    improvement = addToMoments(improvement, losses.champion - losses.challenger);
    positives += label;
    championBrier += losses.champion;
    challengerBrier += losses.challenger;
  }
  const outcomes = improvement.count;
  if (outcomes === 0) return null;
  return {
    outcomes,
    positives,
    championBrier: championBrier / outcomes,
    challengerBrier: challengerBrier / outcomes,
    improvement: isEnough({ rows: outcomes, positives }) ? meanInterval(improvement) : null,
  };
}
