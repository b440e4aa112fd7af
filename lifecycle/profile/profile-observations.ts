import type { DataProfile, FeatureProfile, ProfileResponse } from '../../contracts/profile.ts';
import type { Athena } from '../../platform/athena.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { observationsTable } from '../../use-cases/table-schemas.ts';
import type { Clock } from '../clock.ts';
import { type DatasetSelection, selectDataset } from '../datasets/select-dataset.ts';
import { readCurrentSnapshot } from '../datasets/snapshot.ts';
import { associate, type Feature, isNumber } from './associate.ts';
import { chooseCells } from './cells.ts';
import { describeFeature } from './describe-feature.ts';
import { findLeakSuspects } from './leak-suspects.ts';
import {
  correlateNumbers,
  countCells,
  countPairs,
  type Overview,
  rankNumbers,
  readOverview,
  sumGroups,
} from './read-counts.ts';

export interface ProfileServices {
  readonly athena: Athena;
  readonly clock: Clock;
}

/** Describes the mature observations of the table's current snapshot, as Athena aggregates them: whatever their number, some hundred rows come back. */
export async function profileObservations(services: ProfileServices, useCase: UseCase): Promise<ProfileResponse> {
  const { athena, clock } = services;
  const snapshot = await readCurrentSnapshot(athena, observationsTable(useCase).name);
  if (!snapshot) return insufficient('there are no observations yet');
  const { snapshotId } = snapshot;
  const startedAt = clock.now().toISOString();
  const selection = selectDataset({
    ...{ useCase, snapshotId, startedAt, window: { mode: 'all' }, labelSeq: { after: 0, to: 0 } },
  });
  const names = Object.keys(useCase.features);
  const overview = await readOverview(athena, selection.sql, names, numberNames(useCase));
  if (overview.rows === 0) return insufficient('no observation is mature and labelled yet');
  return {
    ...{ status: 'profiled', useCase: useCase.id, title: useCase.title, snapshotId, createdAt: startedAt },
    ...{ matureUntil: selection.matureUntil, rows: overview.rows, positives: overview.positives },
    label: { meaning: useCase.label.meaning, positive: useCase.label.positive, negative: useCase.label.negative },
    ...(await describeFeatures(athena, useCase, selection, overview)),
  };
}

async function describeFeatures(
  athena: Athena,
  useCase: UseCase,
  { sql }: DatasetSelection,
  overview: Overview,
): Promise<Pick<DataProfile, 'features' | 'associations' | 'suspects'>> {
  const features = findFeatures(useCase, overview);
  const numbers = features.filter(isNumber);
  const categories = features.filter(feature => !isNumber(feature));
  const pairs = categories.flatMap((right, i) => categories.slice(0, i).map(left => [left, right] as const));
  const means = numbers.map(({ name, numbers }) => ({ name, mean: numbers.mean }));
  const numberNames = numbers.map(({ name }) => name);
  const [cells, ranks, correlations, groups, contingencies] = await Promise.all([
    countCells(athena, sql, features),
    rankNumbers(athena, sql, numberNames),
    correlateNumbers(athena, sql, numberNames),
    sumGroups(athena, sql, categories, means),
    countPairs(athena, sql, pairs),
  ]);
  const described = features.map((feature, i): FeatureProfile => {
    const place = numbers.indexOf(feature as (typeof numbers)[number]);
    return describeFeature(feature, overview, cells[i]!, {
      rank: ranks[place] ?? null,
      correlation: correlations.at(-1)![place] ?? null,
    });
  });
  return {
    features: described,
    associations: associate(features, { correlations, groups, contingencies }),
    suspects: findLeakSuspects(described),
  };
}

function numberNames({ features }: UseCase): string[] {
  return Object.keys(features).filter(name => features[name]!.type === 'number' || features[name]!.type === 'integer');
}

function findFeatures(useCase: UseCase, { present, numbers }: Overview): Feature[] {
  const names = numberNames(useCase);
  return Object.entries(useCase.features).map(([name, definition], i) => {
    const summary = numbers[names.indexOf(name)] ?? null;
    return { name, definition, present: present[i]!, numbers: summary, cells: chooseCells(definition, summary) };
  });
}

function insufficient(reason: string): ProfileResponse {
  return { status: 'insufficient data', reason };
}
