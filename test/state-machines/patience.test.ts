import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
}

interface State {
  readonly Type: string;
  readonly Retry?: readonly Retrier[];
  readonly ItemProcessor?: { readonly States: Readonly<Record<string, State>> };
}

const folder = fileURLToPath(new URL('../../state-machines/', import.meta.url));
const tasks = globSync('*.asl.json', { cwd: folder }).flatMap(file => {
  const { States } = JSON.parse(readFileSync(`${folder}${file}`, 'utf8'));
  return listTasks(States).map(([name, state]) => [basename(file, '.asl.json'), name, state] as const);
});

// A new account runs ten functions at once, and the trials of two use cases are as many.
test('the judge waits an hour for the archive, rather than take a version back for its outage', () => {
  const judge = tasks.find(([machine, name]) => machine === 'release' && name === 'Judge')![2];
  expect(patienceSeconds(judge.Retry!, 'QueryFailedError')).toBeGreaterThan(3_600);
});

test.each(tasks)('in %s, "%s" waits a quarter of an hour and more for an account that is busy', (_, __, state) => {
  expect(patienceSeconds(state.Retry ?? [], 'Lambda.TooManyRequestsException')).toBeGreaterThan(900);
});

function listTasks(states: Readonly<Record<string, State>>): [string, State][] {
  return Object.entries(states).flatMap(([name, state]): [string, State][] => [
    ...(state.Type === 'Task' ? [[name, state] as [string, State]] : []),
    ...listTasks(state.ItemProcessor?.States ?? {}),
  ]);
}

/** How long an error is retried, on average where the delay is drawn. */
function patienceSeconds(retriers: readonly Retrier[], error: string): number {
  const retrier = retriers.find(({ ErrorEquals }) => ErrorEquals.includes(error) || ErrorEquals.includes('States.ALL'));
  const {
    IntervalSeconds = 1,
    MaxAttempts = 3,
    BackoffRate = 2,
    MaxDelaySeconds = Number.POSITIVE_INFINITY,
  } = retrier ?? { MaxAttempts: 0 };
  const delays = Array.from({ length: MaxAttempts }, (_, attempt) =>
    Math.min(IntervalSeconds * BackoffRate ** attempt, MaxDelaySeconds),
  );
  return delays.reduce((sum, delay) => sum + delay, 0) / 2;
}
