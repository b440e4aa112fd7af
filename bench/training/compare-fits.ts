import type { Fit, PythonLibrary } from './python.ts';

/** Figures of two that were fitted in turn. */
export interface Comparison {
  readonly seconds: number;
  readonly auc: number;
  readonly [figure: string]: number | string;
}

/**
 * Fits in turn with the other library, as often as asked for, so that both see the same machine. Ratios are of medians: ours by the other's.
 *
 * @param other a text says why there is none
 */
export async function compareFits(
  rounds: number,
  fitOurs: () => Promise<Fit>,
  other: PythonLibrary | string,
  question: object,
): Promise<Comparison> {
  const ours: Fit[] = [];
  const theirs: Fit[] = [];
  for (let round = 0; round < rounds; round++) {
    ours.push(await fitOurs());
    if (typeof other !== 'string') theirs.push(await other.fit(question));
  }
  const own = { seconds: round(medianSeconds(ours)), auc: round(ours[0]!.auc) };
  if (typeof other === 'string') return { ...own, absent: other };
  return {
    ...own,
    other: other.version,
    other_seconds: round(medianSeconds(theirs)),
    ratio: round(medianSeconds(ours) / medianSeconds(theirs)),
    auc_difference: round(ours[0]!.auc - theirs[0]!.auc),
  };
}

/** The middle of the times. */
export function medianSeconds(fits: readonly Pick<Fit, 'seconds'>[]): number {
  const sorted = fits.map(({ seconds }) => seconds).sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

/** To four decimals. */
export function round(value: number): number {
  return Math.round(value * 1e4) / 1e4;
}
