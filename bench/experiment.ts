import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { connectDeployment, type Deployment } from '../cli/deployment.ts';
import { followExecution } from '../cli/follow-execution.ts';
import { Progress } from '../cli/progress.ts';
import { bucketPrefixes } from '../contracts/bucket-layout.ts';
import type { CandidatePreset, LifecycleRequest } from '../contracts/tasks.ts';
import { listExperiments } from '../lifecycle/registry/experiments.ts';
import { listRuns } from '../lifecycle/registry/runs.ts';
import { startCloud } from '../local/cloud.ts';
import { synthesize } from '../local/start/synthesize.ts';

/**
 * Times the lifecycle of `bank-marketing` with all candidates of `--preset` on the rows of `--data`, through the state machine of an embedded cloud of
 * its own: from the file's landing to the end of the execution.
 */
export default async function experiment(options: string[]): Promise<object> {
  const { values } = parseArgs({
    args: options,
    options: { data: { type: 'string' }, preset: { type: 'string', default: 'r3' } },
  });
  if (values.data === undefined) throw new Error('Name the file of observations: --data bank-full.csv');
  const folder = await mkdtemp(join(tmpdir(), 'perennial-experiment-'));
  try {
    const assembly = await synthesize(join(folder, 'cdk.out'), { demo: false });
    const stateFolder = join(folder, 'state');
    const cloud = await startCloud({ assembly, stateFolder, awsPort: 0, apiPort: 0 });
    try {
      const deployment = await connectDeployment({ state: stateFolder });
      return await runLifecycle(deployment, values.data, values.preset as CandidatePreset);
    } finally {
      await cloud.stop();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const useCase = 'bank-marketing';

async function runLifecycle(deployment: Deployment, data: string, candidates: CandidatePreset): Promise<object> {
  const { objects, workflows, registry } = deployment;
  const started = performance.now();
  const progress = new Progress();
  await objects.write(`${bucketPrefixes.landing}${useCase}/${basename(data)}`, await readFile(data));
  const request: LifecycleRequest = { useCase, trigger: 'manual', candidates, strategy: 'all-at-once' };
  const executionId = await workflows.start('lifecycle', request, `bench-${Date.now()}`);
  const execution = await followExecution(deployment, executionId, progress);
  const seconds = (performance.now() - started) / 1_000;
  const [tried] = await listExperiments(registry, useCase);
  const runs = await listRuns(registry, useCase);
  return {
    preset: candidates,
    status: execution.status,
    output: execution.output ?? execution.cause,
    trials: tried?.trials.length,
    failed: runs.filter(({ status }) => status === 'failed').length,
    selected: tried?.selection?.reason,
    // Of the trials one by one: several run at once.
    trial_seconds: Math.round(runs.reduce((sum, run) => sum + run.seconds, 0)),
    seconds,
    stages: progress.seconds,
  };
}
