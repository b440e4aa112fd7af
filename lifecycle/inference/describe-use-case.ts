import type { CurrentVersion, FeatureDescription, UseCaseResponse, UseCaseSummary } from '../../contracts/http.ts';
import { createRandom } from '../../ml/random.ts';
import type { Table } from '../../platform/table.ts';
import type { Feature, UseCase } from '../../use-cases/define-use-case.ts';
import { readVersion } from '../registry/versions.ts';
import { readLatestEntry, type Variant } from '../release/ledger.ts';
import type { Evaluation } from '../training/evaluation.ts';

/** Says in short what a use case predicts and which version answers. */
export async function summarizeUseCase(registry: Table, useCase: UseCase): Promise<UseCaseSummary> {
  return summary(useCase, await readChampion(registry, useCase.id));
}

/** Says what a use case predicts, what a caller may send and must not, and how good the version is that answers. */
export async function describeUseCase(registry: Table, useCase: UseCase): Promise<UseCaseResponse> {
  const { label, features, excluded, source } = useCase;
  const champion = await readChampion(registry, useCase.id);
  return {
    ...summary(useCase, champion),
    features: Object.fromEntries(Object.entries(features).map(([name, feature]) => [name, describeFeature(feature)])),
    label: {
      column: label.column,
      meaning: label.meaning,
      positive: label.positive,
      negative: label.negative,
      delayDays: label.delayDays,
    },
    excluded,
    example: source.synthetic.draw(createRandom(1)),
    current: champion ? await describeVersion(registry, useCase.id, champion) : null,
  };
}

async function readChampion(registry: Table, useCase: string): Promise<Variant | undefined> {
  return (await readLatestEntry(registry, useCase))?.routing?.variants[0];
}

function summary({ id, title, entity }: UseCase, champion: Variant | undefined): UseCaseSummary {
  return { id, title, entity, version: champion?.version ?? null };
}

function describeFeature(feature: Feature): FeatureDescription {
  const { type, meaning } = feature;
  if (type === 'category') return { type, meaning, levels: feature.levels };
  return type !== 'boolean' && feature.range ? { type, meaning, range: feature.range } : { type, meaning };
}

async function describeVersion(
  registry: Table,
  useCase: string,
  { version, threshold }: Variant,
): Promise<CurrentVersion> {
  const { createdAt, metrics } = await readVersion(registry, useCase, version);
  return {
    version,
    threshold,
    createdAt,
    metrics: { outOfFold: figures(metrics.outOfFold), holdout: figures(metrics.holdout) },
  };
}

function figures(evaluation: Evaluation | null): CurrentVersion['metrics']['holdout'] {
  return evaluation?.metrics ?? null;
}
