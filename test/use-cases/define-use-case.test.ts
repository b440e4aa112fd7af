import { defineUseCase, InvalidUseCaseError } from '../../use-cases/define-use-case.ts';
import { loans } from '../lifecycle/inference/loans.ts';

function problemsOf(changes: Partial<typeof loans>): readonly string[] {
  try {
    defineUseCase({ ...loans, ...changes });
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidUseCaseError);
    return (error as InvalidUseCaseError).problems;
  }
  return [];
}

function withColumns(features: Readonly<Record<string, string>>): Partial<typeof loans> {
  return { source: { ...loans.source, columns: { features } } };
}

test('an excluded column, or the label, does not come in by the name of a feature', () => {
  expect(problemsOf(withColumns({ income: 'score', owner: 'repaid', house: 'house' }))).toEqual([
    'feature "income" is column "score" of the source, which is excluded',
    'feature "owner" is column "repaid" of the source, which is the label',
    'column "house" of the source is mapped to "house", which is no feature',
  ]);
});

test('names that every object inherits are names as any other', () => {
  const features = { ...loans.features, constructor: { type: 'number', meaning: 'Who built the house' } } as const;
  expect(problemsOf({ features })).toEqual([]);
});
