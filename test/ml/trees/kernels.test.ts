import { sigmoid } from '../../../ml/arithmetic/sigmoid.ts';
import { createRandom } from '../../../ml/random.ts';
import { classBytes, words } from '../../../ml/trees/kernels/memory-map.ts';
import { binColumns } from './made-up-workspace.ts';
import { roundToEven } from './naive-tree.ts';

describe('the update of margins', () => {
  const random = createRandom(6);
  const rows = 2_501;
  const special = [0, -0, 1e-9, 36, -36, 800, -800, 5e4, -5e4];
  const margins = Float64Array.from({ length: rows }, (_, row) => special[row] ?? 6 * random.normal());
  const labels = Uint8Array.from({ length: rows }, () => random.integer(2));
  const scale = 1024;
  const weights = [0.5, 3];
  const workspace = binColumns([new Float32Array(rows)], [0], 2);
  const { bytes, shorts, integers, floats, doubles, at } = workspace;
  bytes.set(labels, at.labels);
  doubles.set(margins, at.margins / 8);
  doubles.set([1, weights[0]!, weights[0]! * scale], words.classes / 8);
  doubles.set([-1, weights[1]!, weights[1]! * scale], (words.classes + classBytes) / 8);
  doubles.set([0.25, -1], at.leafValues / 8);
  for (let row = 0; row < rows; row++) shorts[at.leafOf / 2 + row] = row % 2;
  workspace.run('update');
  const updated = margins.map((margin, row) => margin + (row % 2 === 0 ? 0.25 : -1));
  const residuals = updated.map((margin, row) => (labels[row] === 1 ? -sigmoid(-margin) : sigmoid(margin)));

  test('adds the value of each row’s leaf', () => {
    expect(doubles.slice(at.margins / 8, at.margins / 8 + rows)).toEqual(updated);
  });

  // Within 10⁻⁹ before it is rounded to float32, so that a neighbour may come out.
  test('derives residuals as the sigmoid does', () => {
    floats.subarray(at.residuals / 4, at.residuals / 4 + rows).forEach((residual, row) => {
      expect(Math.abs(residual - residuals[row]!)).toBeLessThanOrEqual(1.2e-7 * Math.abs(residuals[row]!));
    });
  });

  test('weighs and rounds derivatives', () => {
    residuals.forEach((residual, row) => {
      const factor = weights[labels[row]!]! * scale;
      const packed = integers[at.derivatives / 4 + row]!;
      expect(Math.abs((packed >> 16) - roundToEven(residual * factor))).toBeLessThanOrEqual(Number.EPSILON);
      const hessian = Math.abs(residual) * (1 - Math.abs(residual));
      expect(Math.abs((packed & 0xffff) - roundToEven(hessian * factor))).toBeLessThanOrEqual(1);
    });
  });
});
