import type { FeatureWindow, ProfileWindow } from '../../ml/drift/profile-window.ts';
import type { ReferenceProfile } from '../../ml/drift/reference-profile.ts';
import type { Athena, ResultRow } from '../../platform/athena.ts';
import {
  type ArchivedRows,
  failuresStatement,
  histogramsStatement,
  noBin,
  outcomesStatement,
  type ScoreResolution,
  scoresItem,
  scoresStatement,
  serviceStatement,
} from './window-statements.ts';

/** A version that answered, as one variant. */
export interface VariantName {
  readonly version: number;
  readonly variant: string;
}

/** What a variant answered in a window. */
export interface VariantService extends VariantName {
  readonly predictions: number;
  /** Rows on which it failed, and the champion answered in its place. */
  readonly errors: number;
  /** Probability at or above which its decision is positive. */
  readonly threshold: number;
  /** Of predictions that were asked for one at a time; null where there is none. */
  readonly latencyMs: {
    readonly timed: number;
    readonly p50: number;
    readonly p95: number;
    readonly p99: number;
  } | null;
}

/** A variant's predictions counted by score. */
export interface ScoredWindow extends VariantName {
  readonly resolution: ScoreResolution;
  /** Distinct probabilities, rising. */
  readonly scores: Float64Array;
  /** Predictions of each score. */
  readonly rows: Int32Array;
  /** Of those whose outcome came: negatives, then positives, of each score in turn. */
  readonly cells: Int32Array;
  /** What was decided for each score: 1 is positive. */
  readonly decisions: Uint8Array;
}

/** Reads which variants answered, the champion first. */
export async function readService(athena: Athena, rows: ArchivedRows): Promise<VariantService[]> {
  const [answered, failed] = await Promise.all([
    athena.query(serviceStatement(rows)),
    athena.query(failuresStatement(rows)),
  ]);
  const errorsOf = (row: ResultRow) =>
    failed.filter(({ version, variant }) => version === row.version && variant === row.variant)[0]?.found ?? 0;
  return answered
    .map(row => ({
      ...nameOf(row),
      predictions: Number(row.found),
      errors: Number(errorsOf(row)),
      threshold: Number(row.threshold),
      latencyMs:
        Number(row.timed) > 0
          ? { timed: Number(row.timed), p50: Number(row.p50), p95: Number(row.p95), p99: Number(row.p99) }
          : null,
    }))
    .sort((a, b) => (a.variant < b.variant ? -1 : a.variant > b.variant ? 1 : a.version - b.version));
}

/** Reads the histograms of a version's window, by variant. */
export async function readHistograms(
  athena: Athena,
  rows: ArchivedRows,
  version: number,
  profile: ReferenceProfile,
): Promise<Map<string, ProfileWindow>> {
  const found = await athena.query(histogramsStatement(rows, version, profile));
  const byVariant = Map.groupBy(found, ({ variant }) => variant!);
  return new Map(Array.from(byVariant, ([variant, cells]) => [variant, toWindow(cells, profile)]));
}

function toWindow(found: readonly ResultRow[], profile: ReferenceProfile): ProfileWindow {
  const byItem = Map.groupBy(found, ({ item }) => item!);
  const scores = countItem(byItem.get(scoresItem) ?? [], profile.scores.counts.length);
  const rows = (byItem.get(scoresItem) ?? []).reduce((sum, { found }) => sum + Number(found), 0);
  const features = profile.features.map(({ name, counts }) => {
    const cells = byItem.get(name);
    return cells ? countItem(cells, counts.length) : null;
  });
  return { rows, features, scores };
}

function countItem(cells: readonly ResultRow[], bins: number): FeatureWindow {
  const counts = new Array<number>(bins).fill(0);
  const sums = new Array<number>(bins).fill(0);
  let [missing, unseen, outOfRange] = [0, 0, 0];
  for (const cell of cells) {
    const [bin, found] = [Number(cell.bin), Number(cell.found)];
    if (cell.outside === 'true') outOfRange += found;
    if (bin === noBin.missing) missing += found;
    else if (bin === noBin.unseen) unseen += found;
    else {
      counts[bin]! += found;
      sums[bin]! += found * Number(cell.mean ?? 0);
    }
  }
  return { counts, means: sums.map((sum, bin) => sum / Math.max(1, counts[bin]!)), missing, unseen, outOfRange };
}

/** Reads the scores of each variant's predictions, and what came of these where they are old enough. */
export async function readScores(
  athena: Athena,
  rows: ArchivedRows,
  { resolution, isMature }: { resolution: ScoreResolution; isMature: boolean },
): Promise<ScoredWindow[]> {
  const found = await athena.query((isMature ? outcomesStatement : scoresStatement)(rows, resolution));
  const byVariant = Map.groupBy(found, ({ version, variant }) => `${version} ${variant}`);
  return Array.from(byVariant.values(), cells => ({ ...nameOf(cells[0]!), ...countScores(cells), resolution }));
}

function countScores(found: readonly ResultRow[]): Omit<ScoredWindow, keyof VariantName | 'resolution'> {
  const sorted = found.map(cell => ({ score: Number(cell.score), cell })).sort((a, b) => a.score - b.score);
  return {
    scores: Float64Array.from(sorted, ({ score }) => score),
    rows: Int32Array.from(sorted, ({ cell }) => Number(cell.found)),
    cells: Int32Array.from(sorted.flatMap(({ cell }) => [Number(cell.negatives), Number(cell.positives)])),
    decisions: Uint8Array.from(sorted, ({ cell }) => (cell.decision === 'true' ? 1 : 0)),
  };
}

function nameOf({ version, variant }: ResultRow): VariantName {
  return { version: Number(version), variant: variant! };
}

/** Predictions up to which every score is told apart: their rows are all read. */
const exactRows = 20_000;

/** Every score by itself, where there are few enough. */
export function resolutionFor(variants: readonly VariantService[]): ScoreResolution {
  const predictions = variants.reduce((sum, variant) => sum + variant.predictions, 0);
  return predictions <= exactRows ? 'exact' : 'four digits';
}

/** Whether both are of one version as one variant. */
export function isSameVariant(left: VariantName, right: VariantName): boolean {
  return left.version === right.version && left.variant === right.variant;
}
