import { connectDeployment, type Deployment } from '../../cli/deployment.ts';
import { connectEndpoint } from '../../cli/endpoint-client.ts';
import { Progress } from '../../cli/progress.ts';
import { requireUseCase } from '../../cli/use-case.ts';
import type { UseCaseResponse } from '../../contracts/http.ts';
import { startCloud } from '../cloud.ts';
import { developmentKey } from './development-key.ts';
import { ExecutionFailedError } from './execution-output.ts';
import { everyUseCase, type StartOptions } from './options.ts';
import { prepare } from './prepare.ts';
import { NothingReleasedError, runLoop } from './run-loop.ts';
import { stopOnSignals } from './stop-on-signals.ts';
import { readSummary, welcome } from './summary.ts';

/** Starts the cloud, brings the use cases to where a version of each answers, and goes on serving or ends, as the options say. */
export async function start(options: StartOptions): Promise<void> {
  const { stateFolder } = options;
  const progress = new Progress();
  const { demo, assembly } = await prepare(options, progress);
  const cloud = await progress.stage(
    'Start the cloud',
    () => startCloud({ ...options, assembly }),
    ({ awsUrl }) => awsUrl,
  );
  stopOnSignals(cloud);
  try {
    const deployment = await connectDeployment({ state: stateFolder });
    const useCases = chooseUseCases(options, deployment);
    const key = await developmentKey(deployment, stateFolder);
    for (const useCase of useCases) {
      if (useCases.length > 1) progress.title(useCase);
      const loop = runLoop(deployment, { ...options, useCase, demo }, progress);
      await (options.once ? loop : loop.catch(tellWhyNothingAnswers));
      if (options.once) await predictOnce(deployment, useCase, key, progress);
    }
    if (!options.once) await welcomeUser(deployment, useCases, key);
  } catch (error) {
    await cloud.stop();
    throw error;
  }
  if (options.once) await cloud.stop();
}

/** @throws {UseCaseNotDeployedError} */
function chooseUseCases({ useCase }: StartOptions, { useCases }: Deployment): readonly string[] {
  if (useCase === everyUseCase) return useCases;
  requireUseCase(useCase, useCases);
  return [useCase];
}

async function predictOnce(
  { endpoint, registry }: Deployment,
  useCase: string,
  key: string,
  progress: Progress,
): Promise<void> {
  const client = connectEndpoint(endpoint, key);
  const { example } = await client.get<UseCaseResponse>(`/use-cases/${useCase}`);
  const [prediction] = await progress.stage('Predict', () => client.predict(useCase, [example]));
  const seconds = { ...progress.seconds, total: progress.elapsed };
  console.log(JSON.stringify(await readSummary(registry, useCase, prediction!, seconds)));
}

/** What serves goes on: the rows that are missing can still come. */
function tellWhyNothingAnswers(error: unknown): void {
  if (!(error instanceof NothingReleasedError || error instanceof ExecutionFailedError)) throw error;
  console.error(`\n${error.message}`);
}

async function welcomeUser({ endpoint }: Deployment, useCases: readonly string[], key: string): Promise<void> {
  const client = connectEndpoint(endpoint, key);
  const described = useCases.map(useCase => client.get<UseCaseResponse>(`/use-cases/${useCase}`));
  console.log(welcome(endpoint, key, await Promise.all(described)));
}
