import type { AdvanceReleaseInput, AdvanceReleaseOutput } from '../../contracts/tasks.ts';
import { advanceRelease } from './advance-release.ts';
import { keepReleasing, startExecution } from './next-release.ts';
import type { ReleaseServices } from './release-services.ts';

/** Looks after which an execution hands over to a new one: Step Functions keeps 25,000 events of each, and a look takes some twenty. */
const roundsLimit = 500;

/** One look of the `release` machine: does what is due and says what to wait for. When a release ends, the next one begins. */
export async function continueRelease(
  services: ReleaseServices,
  { useCase, release, rounds, executionId }: AdvanceReleaseInput,
): Promise<AdvanceReleaseOutput> {
  const action = await advanceRelease(services, { useCase, release, by: executionId });
  const state = { useCase, release, rounds: rounds + 1 };
  if (action.act === 'end') await keepReleasing(services, useCase, executionId);
  else if (rounds + 1 >= roundsLimit) {
    await startExecution(services, { useCase, release });
    return { ...state, action: { act: 'end' } };
  }
  return { ...state, action };
}
