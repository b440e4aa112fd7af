import type { CategoryColumn, FeatureColumn, NumberColumn } from '../../ml/columns.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import type { Signature } from '../registry/model-card.ts';

/**
 * Describes what a model of these rows takes: each feature with the levels or the range that the rows have.
 *
 * @param columns of the training rows alone
 */
export function describeSignature(useCase: UseCase, columns: readonly FeatureColumn[]): Signature {
  const { column, meaning, positive, negative } = useCase.label;
  return {
    features: columns.map(column => {
      const { type, meaning } = useCase.features[column.name]!;
      const common = { name: column.name, kind: column.kind, type, meaning };
      if (column.kind === 'category') return { ...common, levels: findLevels(column) };
      const range = findRange(column);
      return range ? { ...common, range } : common;
    }),
    label: { column, meaning, positive, negative },
  };
}

function findLevels({ levels, codes }: CategoryColumn): string[] {
  const seen = new Set(codes);
  return levels.filter((_, code) => seen.has(code));
}

/** Undefined when every value is missing. */
function findRange({ values }: NumberColumn): [number, number] | undefined {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return least <= most ? [least, most] : undefined;
}
