import type { Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { readDataset } from '../datasets/read-dataset.ts';
import { openStoredModel } from '../inference/open-stored-model.ts';
import { scoreAll } from '../release/measure.ts';
import { splitRows } from '../training/split-rows.ts';
import { takeRows } from '../training/take-rows.ts';
import type { Card, CardData, RowCounts } from './card.ts';
import { describeLimits } from './describe-limits.ts';
import { describeVersion } from './describe-version.ts';
import { evaluateGroups, measureEconomics, type ScoredHoldout } from './measure-card.ts';
import type { Version } from './versions.ts';

/**
 * Makes the card of a version: what is on record of it, and how its file does on each group of its dataset's holdout.
 *
 * @throws {VersionNotFoundError} @throws {CorruptModelError} @throws {CorruptModelCardError} @throws {DatasetCorruptError} @throws {ObjectNotFoundError}
 */
export async function makeCard(
  services: { registry: Table; objects: Objects },
  useCase: UseCase,
  number: number,
): Promise<Card> {
  const version = await describeVersion(services, useCase.id, number);
  const { data, holdout } = await readHoldout(services.objects, useCase, version);
  const { id, title, entity, label, excluded, gates, decision } = useCase;
  const card = {
    useCase: { id, title, entity, label, excluded },
    version,
    data,
    groups: evaluateGroups(holdout, gates.groups),
    economics: measureEconomics(holdout, decision),
  };
  return { ...card, limits: describeLimits(useCase, card) };
}

async function readHoldout(
  objects: Objects,
  useCase: UseCase,
  version: Version,
): Promise<{ data: CardData; holdout: ScoredHoldout }> {
  const { manifest, columns, labels, entityIds } = await readDataset(objects, useCase, version.manifestKey);
  const { trainingRows, holdoutRows } = splitRows(entityIds);
  const held = takeRows(columns, holdoutRows);
  await using session = await openStoredModel(objects, version);
  const { table, window, matureUntil, rows, positives } = manifest;
  const count = (counted: Int32Array): RowCounts => ({
    rows: counted.length,
    positives: counted.reduce((sum, row) => sum + labels[row]!, 0),
  });
  return {
    data: { table, window, matureUntil, rows, positives, training: count(trainingRows), holdout: count(holdoutRows) },
    holdout: {
      columns: held,
      labels: Uint8Array.from(holdoutRows, row => labels[row]!),
      scores: await scoreAll(session, held, holdoutRows.length),
      entityIds: Array.from(holdoutRows, row => entityIds[row]!),
      threshold: version.threshold,
      seed: version.seed,
    },
  };
}
