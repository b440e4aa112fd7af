import type { FeatureColumn } from '../../ml/columns.ts';
import { pairedBootstrap } from '../../ml/metrics/bootstrap.ts';
import { rocAuc } from '../../ml/metrics/ranking.ts';

/** How both versions do on the holdout rows of one group. */
export interface GroupEvidence {
  readonly feature: string;
  readonly level: string;
  readonly rows: number;
  readonly positives: number;
  /** Null where the rows are too few to tell. */
  readonly comparison: {
    readonly rocAuc: number;
    readonly candidateRocAuc: number;
    /** Upper end of the one-sided 95 % paired-bootstrap interval of candidate − champion. */
    readonly differenceUpperEnd: number;
  } | null;
}

export interface GroupOptions {
  /** Names of the category and boolean features whose levels are the groups. */
  readonly groups: readonly string[];
  readonly columns: readonly FeatureColumn[];
  readonly labels: Uint8Array;
  /** Entity of each row, where one has several. */
  readonly entities?: readonly string[] | undefined;
  readonly scores: Float64Array;
  readonly championScores: Float64Array;
  /** Decides the bootstrap's draws. */
  readonly seed: number;
}

/** Fewer rows, or positives or negatives, of a group carry no verdict. */
export const minimumGroup = { rows: 200, positives: 20, negatives: 20 } as const;

/** Compares both versions on each group of the holdout. */
export function measureGroups(options: GroupOptions): GroupEvidence[] {
  const { groups, columns } = options;
  return groups.flatMap(feature => {
    const column = columns.find(({ name }) => name === feature);
    return column ? splitByLevel(column).map(group => measureGroup(options, feature, group)) : [];
  });
}

/** The rows of one level. */
export interface Group {
  readonly level: string;
  readonly rows: readonly number[];
}

/** Whether a group can carry a verdict. */
export function isLargeGroup(rows: number, positives: number): boolean {
  const { rows: least, positives: leastPositives, negatives } = minimumGroup;
  return rows >= least && positives >= leastPositives && rows - positives >= negatives;
}

/** Splits rows by their level of a category or boolean feature; those without one are in no group. */
export function splitByLevel(column: FeatureColumn): Group[] {
  const rows = column.kind === 'number' ? column.values.keys() : column.codes.keys();
  const levels =
    column.kind === 'number'
      ? Map.groupBy(rows, row => ({ 0: 'false', 1: 'true' })[column.values[row]!])
      : Map.groupBy(rows, row => column.levels[column.codes[row]!]);
  return [...levels].flatMap(([level, rows]) => (level === undefined ? [] : [{ level, rows }]));
}

function measureGroup({ labels, ...options }: GroupOptions, feature: string, { level, rows }: Group): GroupEvidence {
  const own = Uint8Array.from(rows, row => labels[row]!);
  const positives = own.reduce((sum, label) => sum + label, 0);
  const counts = { feature, level, rows: rows.length, positives };
  if (!isLargeGroup(rows.length, positives)) return { ...counts, comparison: null };
  const candidate = Float64Array.from(rows, row => options.scores[row]!);
  const champion = Float64Array.from(rows, row => options.championScores[row]!);
  const { seed, entities } = options;
  const groups = entities && Array.from(rows, row => entities[row]!);
  const compared = { metric: 'roc_auc', labels: own, candidate, champion, seed, groups } as const;
  return {
    ...counts,
    comparison: {
      rocAuc: rocAuc(own, champion),
      candidateRocAuc: rocAuc(own, candidate),
      differenceUpperEnd: pairedBootstrap({ ...compared, confidence: 0.05 }).lowerEnd,
    },
  };
}
