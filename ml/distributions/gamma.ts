import { log } from '../arithmetic/log.ts';
import type { Random } from '../random.ts';

// Looked up once: where tests run, each look at a global costs more than a draw.
const { sqrt } = Math;

/** Draws from the gamma distribution of scale 1 (Marsaglia and Tsang, "A simple method for generating gamma variables", 2000). @param shape 1 or more */
export function drawGamma(shape: number, random: Random): number {
  const d = shape - 1 / 3;
  const c = 1 / sqrt(9 * d);
  for (;;) {
    const x = random.normal();
    const root = 1 + c * x;
    if (root <= 0) continue;
    const v = root * root * root;
    const u = random.uniform();
    const square = x * x;
    if (u < 1 - 0.0331 * square * square) return d * v;
    if (log(u) < square / 2 + d * (1 - v + log(v))) return d * v;
  }
}
