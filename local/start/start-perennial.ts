import { join } from 'node:path';
import { connectDeployment, type Deployment } from '../../cli/deployment.ts';
import { connectEndpoint } from '../../cli/endpoint-client.ts';
import { Progress } from '../../cli/progress.ts';
import { requireUseCase } from '../../cli/use-case.ts';
import type { UseCaseResponse } from '../../contracts/http.ts';
import { type Cloud, startCloud } from '../cloud.ts';
import { tellStory } from '../demo/story.ts';
import { TimeTravel } from '../demo/time-travel.ts';
import { holdStateFolder } from '../state-folder.ts';
import { developmentKey } from './development-key.ts';
import { everyUseCase, type StartOptions } from './options.ts';
import { runLoop } from './run-loop.ts';
import { forgetState, settle } from './settings.ts';
import { invitation, readSummary, welcome } from './summary.ts';
import { synthesize } from './synthesize.ts';

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
      await runLoop(deployment, { ...options, useCase, demo }, progress);
      if (options.once) await predictOnce(deployment, useCase, key, progress);
    }
    if (!options.once) await welcomeUser(deployment, useCases, key);
  } catch (error) {
    await cloud.stop();
    throw error;
  }
  if (options.once) await cloud.stop();
}

/** Tells a life in minutes, and goes on serving or ends, as the options say. */
export async function startDemo(options: StartOptions): Promise<void> {
  const progress = new Progress();
  const { assembly } = await prepare(options, progress);
  const travel = new TimeTravel({ ...options, assembly });
  stopOnSignals(travel);
  try {
    await tellStory(travel, progress);
    if (!options.once) console.log(invitation(options.stateFolder));
  } catch (error) {
    await travel.stop();
    throw error;
  }
  if (options.once) await travel.stop();
}

/** @throws {UseCaseNotDeployedError} */
function chooseUseCases({ useCase }: StartOptions, { useCases }: Deployment): readonly string[] {
  if (useCase === everyUseCase) return useCases;
  requireUseCase(useCase, useCases);
  return [useCase];
}

/** Makes the state folder ready for a cloud, and the assembly that it shall run. No other cloud may use the folder meanwhile. */
async function prepare(options: StartOptions, progress: Progress): Promise<{ demo: boolean; assembly: string }> {
  const { stateFolder, fresh } = options;
  const giveBack = holdStateFolder(stateFolder);
  try {
    if (fresh) await forgetState(stateFolder);
    const { demo } = await settle(stateFolder, options);
    const output = join(stateFolder, 'cdk.out');
    return {
      demo,
      assembly: options.assembly ?? (await progress.stage('Synthesize', () => synthesize(output, { demo }))),
    };
  } finally {
    giveBack();
  }
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

async function welcomeUser({ endpoint }: Deployment, useCases: readonly string[], key: string): Promise<void> {
  const client = connectEndpoint(endpoint, key);
  const described = useCases.map(useCase => client.get<UseCaseResponse>(`/use-cases/${useCase}`));
  console.log(welcome(endpoint, key, await Promise.all(described)));
}

/** The first signal stops the cloud, which leaves what runs to the next start; a second one does not wait for it. */
function stopOnSignals(cloud: Pick<Cloud, 'stop'>): void {
  let isStopping = false;
  const stop = async () => {
    if (isStopping) process.exit(130);
    isStopping = true;
    console.error('\nStopping …');
    await cloud.stop();
    process.exit(0);
  };
  process.on('SIGINT', () => void stop());
  process.on('SIGTERM', () => void stop());
}
