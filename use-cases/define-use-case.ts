import type { CandidatePreset, TrainingWindow } from '../contracts/tasks.ts';
import type { Candidate } from '../ml/model.ts';
import type { Random } from '../ml/random.ts';
import type { Resampling } from '../ml/resampling/parameters.ts';
import type { ParameterGrid, ParameterSpace } from '../ml/selection/parameter-grid.ts';
import {
  fillMonitoring,
  findMonitoringProblems,
  type MonitoringDefinition,
  type MonitoringPolicy,
  monitorSchedule,
} from './monitoring-policy.ts';
import {
  fillGates,
  fillRelease,
  findReleaseProblems,
  type GatePolicy,
  type ReleaseDefinition,
  type ReleasePolicy,
} from './release-policy.ts';

export interface NumberFeature {
  readonly type: 'number' | 'integer';
  /** What the value means, in one line. */
  readonly meaning: string;
  /** Inclusive bounds outside which a row is rejected. @default - any finite number */
  readonly range?: readonly [number, number];
}

export interface CategoryFeature {
  readonly type: 'category';
  readonly meaning: string;
  /** Accepted levels. A row with another is rejected at ingest; a request with another is answered and reported as unseen. */
  readonly levels: readonly string[];
}

export interface BooleanFeature {
  readonly type: 'boolean';
  readonly meaning: string;
  /** Words of the source files for true and false, beside `true` and `false` themselves. */
  readonly words?: { readonly true: string; readonly false: string };
}

export type Feature = NumberFeature | CategoryFeature | BooleanFeature;

/** Feature values of a synthetic observation, by name; null = missing. */
export type SyntheticFeatures = Readonly<Record<string, number | string | boolean | null>>;

/** Made-up entities: how they are, and how they turn out. */
export interface Population {
  /** Draws one observation; called in order with one stream of randomness, so a seed gives the same rows. */
  draw(random: Random): SyntheticFeatures;
  /** Probability of the positive label for what `draw` makes; whoever needs the label draws it. */
  law(features: SyntheticFeatures): number;
}

/** The generator of made-up observations, and how many rows its batches have. */
export interface SyntheticSource extends Population {
  readonly historyRows: number;
  readonly batchRows: number;
}

/** Where observations come from. */
export interface Source {
  /** How columns of a landing file map, where their names differ. A name on the right is the file's. */
  readonly columns?: {
    /** @default - `observation_id`; a file without it gets a hash of its content and the row's number */
    readonly observationId?: string;
    /** @default - the entity's own column; a file without it gets the observation id */
    readonly entityId?: string;
    /** @default - `event_time`; the rows of a file without it are spread over the year that ends one label delay before ingest */
    readonly eventTime?: string;
    /** Feature name → the file's column name. @default - the feature's own name */
    readonly features?: Readonly<Record<string, string>>;
  };
  readonly synthetic: SyntheticSource;
}

/**
 * What to try: a preset, or an algorithm with its parameters, of which those in `grid` are tried in every combination, each with `search.count`
 * combinations that are drawn at random from `search.space`.
 */
export type CandidateSpec =
  | CandidatePreset
  | (Candidate & { readonly grid?: ParameterGrid; readonly search?: RandomSearch });

/** Parameters to draw: from lists, or from ranges of numbers. */
export interface RandomSearch {
  readonly count: number;
  readonly space: ParameterSpace;
}

/** One prediction problem, declared. Everything else is derived from it. */
export interface UseCase {
  /** Lower-case words joined by `-`; also the file's name. */
  readonly id: string;
  readonly title: string;
  /** Whom or what an observation is about; routing and holdout hash its id. */
  readonly entity: { readonly name: string; readonly column: string };
  readonly features: Readonly<Record<string, Feature>>;
  readonly label: {
    readonly column: string;
    readonly meaning: string;
    readonly positive: string;
    readonly negative: string;
    /** Days after the event at which the label is final. */
    readonly delayDays: number;
    /** What a mature row without a label says. */
    readonly absentMeans: 'unknown' | 'negative';
  };
  /** Columns of the source that must not train, with the reason. */
  readonly excluded: Readonly<Record<string, string>>;
  readonly source: Source;
  readonly quality: {
    /** Share of rejected rows above which a batch is refused. */
    readonly maxRejectedShare: number;
  };
  readonly training: {
    readonly window: TrainingWindow;
    readonly folds: number;
    readonly seed: number;
    readonly metric: 'roc_auc' | 'average_precision' | 'log_loss';
    /** Every one of them is a trial of each retrain. */
    readonly candidates: readonly CandidateSpec[];
    /** How the rows that a model is fitted on are resampled, for candidates that do not say it themselves (`undefined` says: not). @default - not at all */
    readonly resampling?: Resampling;
    /** Below either, a freeze answers `insufficient data`. */
    readonly minimumRows: number;
    readonly minimumPositives: number;
  };
  readonly gates: GatePolicy;
  readonly release: ReleasePolicy;
  readonly monitoring: MonitoringPolicy;
  readonly decision: {
    /** Profit of each outcome of a decision, in `currency`; the threshold maximizes their sum out of fold. */
    readonly currency: string;
    readonly profit: {
      readonly truePositive: number;
      readonly falsePositive: number;
      readonly trueNegative: number;
      readonly falseNegative: number;
    };
  };
  readonly outcomes: {
    /** Whether a mature prediction that is no observation becomes one; switch it off where decisions change outcomes. */
    readonly becomeObservations: boolean;
  };
  readonly schedules: {
    /** EventBridge Scheduler expressions, in `timeZone`. */
    readonly lifecycle: string;
    readonly maintain: string;
    /** When predictions and outcomes are archived; an hour can be from a quarter past its end. */
    readonly archive: string;
    /** When whole windows are reported on. */
    readonly monitor: string;
    /** When the observations that no version has scored yet are scored. @default - never by itself */
    readonly score?: string;
    readonly timeZone: string;
  };
}

type DefaultSchedule = 'archive' | 'monitor';

/** What a definition may leave out. */
export type UseCaseDefinition = Omit<
  UseCase,
  'quality' | 'gates' | 'release' | 'monitoring' | 'outcomes' | 'schedules'
> &
  Partial<Pick<UseCase, 'quality' | 'outcomes'>> &
  ReleaseDefinition & {
    readonly monitoring?: MonitoringDefinition;
    readonly schedules: Omit<UseCase['schedules'], DefaultSchedule> &
      Partial<Pick<UseCase['schedules'], DefaultSchedule>>;
  };

/** Thrown when a use case contradicts itself; lists everything that is wrong. */
export class InvalidUseCaseError extends Error {
  override readonly name = 'InvalidUseCaseError';
  readonly problems: readonly string[];

  constructor(id: string, problems: readonly string[]) {
    super(`Invalid use case "${id}":\n${problems.map(problem => `- ${problem}`).join('\n')}`);
    this.problems = problems;
  }
}

/**
 * Checks a use case and fills in the defaults: a batch is refused above 10 % rejected rows; the log is archived every six hours; mature predictions become observations; gates, releases and monitoring as their own files say.
 *
 * @throws {InvalidUseCaseError} naming every contradiction
 */
export function defineUseCase(definition: UseCaseDefinition): UseCase {
  const problems = findProblems(definition);
  if (problems.length > 0) throw new InvalidUseCaseError(definition.id, problems);
  const monitoring = fillMonitoring(definition.monitoring);
  return {
    quality: { maxRejectedShare: 0.1 },
    outcomes: { becomeObservations: true },
    ...definition,
    schedules: { archive: 'cron(20 2,8,14,20 * * ? *)', monitor: monitorSchedule(monitoring), ...definition.schedules },
    gates: fillGates(definition.gates),
    release: fillRelease(definition.release),
    monitoring,
  };
}

/** Column names that the tables of every use case have. */
const reservedColumns = [
  'observation_id',
  'entity_id',
  'event_time',
  'ingest_seq',
  'ingested_at',
  'label',
  'label_seq',
  'labelled_at',
  ...['file_number', 'file_row', 'dated', 'batch', 'archive', 'archive_seq', 'prediction_id', 'at', 'version'],
  ...['variant', 'entry', 'failed_variant', 'failed_version', 'failed_reason', 'scoring_ms', 'probability'],
  ...['threshold', 'decision', 'imputed', 'unseen'],
];

function findProblems(definition: UseCaseDefinition): string[] {
  const { id, features, excluded, label, training, schedules } = definition;
  const problems: string[] = [];
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id) || id.length > 48) {
    problems.push(`id "${id}" is not lower-case words joined by "-", of 48 characters at most`);
  }
  const names = Object.keys(features);
  if (names.length === 0) problems.push('there is no feature');
  for (const name of names) problems.push(...featureProblems(name, features[name]!));
  for (const name of names.filter(name => Object.hasOwn(excluded, name)))
    problems.push(`column "${name}" is a feature and excluded`);
  problems.push(...sourceProblems(definition));
  if (Object.hasOwn(features, label.column)) problems.push(`label column "${label.column}" is also a feature`);
  if (label.positive === label.negative) problems.push(`label values are both "${label.positive}"`);
  if (!(label.delayDays >= 0)) problems.push(`label delay is ${label.delayDays} days, expected 0 or more`);
  if (!(training.folds >= 2 && training.folds <= 20)) problems.push(`folds is ${training.folds}, expected 2 to 20`);
  if (training.candidates.length === 0) problems.push('there is no candidate to train');
  problems.push(...findReleaseProblems(definition, features, label.delayDays));
  problems.push(...findMonitoringProblems(definition.monitoring));
  for (const [key, expression] of Object.entries(schedules)) {
    if (key !== 'timeZone' && !/^(cron|rate)\(.+\)$/.test(expression)) {
      problems.push(`schedule ${key} is "${expression}", expected cron(…) or rate(…)`);
    }
  }
  return problems;
}

/** A leak that is excluded by its own name must not come in by a feature's. */
function sourceProblems({ features, excluded, label, source }: UseCaseDefinition): string[] {
  return Object.entries(source.columns?.features ?? {}).flatMap(([name, column]) => {
    if (!Object.hasOwn(features, name))
      return [`column "${column}" of the source is mapped to "${name}", which is no feature`];
    if (Object.hasOwn(excluded, column))
      return [`feature "${name}" is column "${column}" of the source, which is excluded`];
    return column === label.column ? [`feature "${name}" is column "${column}" of the source, which is the label`] : [];
  });
}

function featureProblems(name: string, feature: Feature): string[] {
  const problems: string[] = [];
  if (!/^[a-z][a-z0-9_]*$/.test(name)) problems.push(`feature "${name}" is not lower-case letters, digits and "_"`);
  if (reservedColumns.includes(name)) problems.push(`feature "${name}" has the name of a column that every table has`);
  if (feature.type === 'category' && new Set(feature.levels).size !== feature.levels.length) {
    problems.push(`feature "${name}" names a level twice`);
  }
  if (feature.type === 'category' && feature.levels.length < 2)
    problems.push(`feature "${name}" has fewer than two levels`);
  if (
    (feature.type === 'number' || feature.type === 'integer') &&
    feature.range &&
    feature.range[0] >= feature.range[1]
  ) {
    problems.push(`feature "${name}" has the empty range [${feature.range}]`);
  }
  return problems;
}
