import { sigmoid } from '../../../ml/arithmetic/sigmoid.ts';
import { fitBinnedCalibration } from '../../../ml/calibration/binned-calibration.ts';
import { addConceptEvidence, type ConceptEvidence, noConceptEvidence } from '../../../ml/drift/concept-drift.ts';
import { countEachRow, groupRows } from '../../../ml/metrics/class-counts.ts';
import { createRandom, type Random } from '../../../ml/random.ts';

const options = { floor: 0.1, alpha: 0.01 };

/** Scores of 1,000 rows, and labels by a law that shifts and weakens the scores' log odds. */
function draw(random: Random, rows: number, { shift = 0, slope = 1 } = {}) {
  const odds = Float64Array.from({ length: rows }, () => -2 + random.normal());
  const scores = odds.map(value => Math.round(sigmoid(value) * 200) / 200);
  const labels = Uint8Array.from(odds, value => (random.uniform() < sigmoid(slope * value + shift) ? 1 : 0));
  return { scores, labels };
}

function look(windows: number, law: { shift?: number; slope?: number }, seed: number) {
  const random = createRandom(seed);
  const reference = draw(random, 20_000);
  const calibration = fitBinnedCalibration(reference.scores, reference.labels);
  let evidence: ConceptEvidence = noConceptEvidence;
  for (let window = 1; window <= windows; window++) {
    const { scores, labels } = draw(random, 1_000, law);
    const grouped = groupRows(labels, scores);
    const counted = { scores: grouped.scores, cells: countEachRow(grouped).cells };
    const looked = addConceptEvidence(evidence, counted, { calibration, ...options });
    if (looked.isDrift) return window;
    ({ evidence } = looked);
  }
  return null;
}

test('thirty looks at an unchanged concept, or one that changed less than matters, find nothing', () => {
  const found = Array.from({ length: 6 }, (_, seed) => look(30, { shift: seed % 2 === 0 ? 0 : 0.08 }, seed));
  expect(found.filter(window => window !== null)).toEqual([]);
});

test.each([
  ['more outcomes than the scores say', { shift: 0.6 }],
  ['fewer outcomes than the scores say', { shift: -0.8 }],
  ['scores that say less than they did', { slope: 0.5, shift: -1 }],
])('%s are found within a few windows', (_, law) => {
  for (let seed = 0; seed < 5; seed++) expect(look(8, law, 100 + seed)).not.toBeNull();
});

test('evidence is plain JSON', () => {
  const { evidence } = addConceptEvidence(
    noConceptEvidence,
    { scores: Float64Array.of(0.2, 0.8), cells: Int32Array.of(3, 1, 1, 2) },
    { calibration: { scored: [-1, 1], positives: [10, 30], negatives: [30, 10] }, ...options },
  );
  expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence);
  expect(evidence.rows).toBe(7);
});
