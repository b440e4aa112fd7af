import type { Interval } from '../../ml/metrics/bootstrap.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import type { DatasetManifest } from '../datasets/manifest.ts';
import type { Evaluation } from '../training/evaluation.ts';
import type { VersionDetail } from './describe-version.ts';

/** All that there is to know about a version before relying on it. */
export interface Card {
  readonly useCase: Pick<UseCase, 'id' | 'title' | 'entity' | 'label' | 'excluded'>;
  readonly version: VersionDetail;
  readonly data: CardData;
  /** On the holdout, by level of each feature that the use case's gates name. */
  readonly groups: readonly GroupEvaluation[];
  readonly economics: Economics;
  /** What not to expect of it, each a sentence. */
  readonly limits: readonly string[];
}

/** The rows behind the figures. */
export interface CardData extends Pick<DatasetManifest, 'table' | 'window' | 'matureUntil' | 'rows' | 'positives'> {
  /** Rows outside and inside the holdout. */
  readonly training: RowCounts;
  readonly holdout: RowCounts;
}

/** How many rows there are, and how many of them are positive. */
export interface RowCounts {
  readonly rows: number;
  readonly positives: number;
}

/** How a version does on one group of holdout rows. */
export interface GroupEvaluation extends RowCounts {
  readonly feature: string;
  readonly level: string;
  /** Share of the rows that are decided positive. */
  readonly decidedPositive: number;
  /** Null where the rows are too few to tell. */
  readonly metrics: Evaluation['metrics'];
}

/** What deciding by a version earns on the holdout, a row. */
export interface Economics {
  readonly currency: string;
  readonly profit: UseCase['decision']['profit'];
  readonly threshold: number;
  /** Share of the rows that are decided positive. */
  readonly decidedPositive: number;
  /** Mean, with its 95 % bootstrap interval. */
  readonly perRow: Interval & { readonly value: number };
  /** Of deciding everyone positive, and of deciding no one so. */
  readonly perRowOfEveryone: number;
  readonly perRowOfNoOne: number;
}
