/** Counts pairs: the definition of the area under the ROC curve. */
export function naiveRocAuc(labels: Uint8Array, scores: Float64Array): number {
  let wins = 0;
  let pairs = 0;
  for (let i = 0; i < labels.length; i++) {
    for (let j = 0; j < labels.length; j++) {
      if (labels[i] !== 1 || labels[j] !== 0) continue;
      pairs += 1;
      if (scores[i]! > scores[j]!) wins += 1;
      if (scores[i]! === scores[j]!) wins += 0.5;
    }
  }
  return wins / pairs;
}

/** Decides at each distinct score in turn: precision, times the recall gained since the score before. */
export function naiveAveragePrecision(labels: Uint8Array, scores: Float64Array): number {
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const thresholds = [...new Set(scores)].sort((a, b) => b - a);
  let sum = 0;
  let before = 0;
  for (const threshold of thresholds) {
    const decided = [...labels].filter((_, row) => scores[row]! >= threshold);
    const found = decided.filter(label => label === 1).length;
    sum += (found / decided.length) * ((found - before) / positives);
    before = found;
  }
  return sum;
}

/** Repeats each row as often as it counts. */
export function repeatRows(
  labels: Uint8Array,
  scores: Float64Array,
  counts: ArrayLike<number>,
): { labels: Uint8Array; scores: Float64Array } {
  const rows = Array.from(counts).flatMap((count, row) => new Array<number>(count).fill(row));
  return { labels: Uint8Array.from(rows, row => labels[row]!), scores: Float64Array.from(rows, row => scores[row]!) };
}
