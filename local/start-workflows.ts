import { join } from 'node:path';
import type { Front, Ground } from './ground.ts';
import { readMachines } from './machines.ts';
import { type Schedule, startSchedules } from './scheduler.ts';
import type { RunningFunctions } from './start-functions.ts';
import { createStepFunctions } from './step-functions/step-functions.ts';

/** Starts the state machines of a deployment and their schedules; executions that an earlier process left go on. */
export function startWorkflows(ground: Ground, { services, s3 }: Front, { lambda, faults }: RunningFunctions): void {
  const { deployment, iam, clock, stateFolder, onStop } = ground;
  const machines = readMachines(deployment);
  const invoke = async (arn: string, payload: unknown): Promise<unknown> =>
    JSON.parse(await lambda.invoke(arn, JSON.stringify(payload)));
  const labelOf = (arn: string) => lambda.functions.find(definition => definition.arn === arn)?.label ?? arn;
  const stepFunctions = createStepFunctions({
    machines,
    clock,
    stateFolder: join(stateFolder, 'step-functions'),
    invoke: (arn, payload) =>
      faults ? faults.around(labelOf(arn), arn, () => invoke(arn, payload)) : invoke(arn, payload),
    readObject: s3.read,
    authorize(machineArn, action, resource) {
      const { roleArn, name } = machines.find(({ arn }) => arn === machineArn)!;
      iam.assume(roleArn, name).require(action, resource);
    },
  });
  services.AWSStepFunctions = stepFunctions;
  const schedules = startSchedules({
    schedules: deployment.ofType('AWS::Scheduler::Schedule').map(({ properties }) => properties as unknown as Schedule),
    clock,
    stateFolder: join(stateFolder, 'scheduler'),
    start: (stateMachineArn, input, roleArn) =>
      stepFunctions.handle('StartExecution', { stateMachineArn, input }, iam.assume(roleArn, 'scheduler')),
  });
  // Before the functions, whose ends would count as the tasks' own failures.
  onStop(() => stepFunctions.stop());
  onStop(() => schedules.stop());
  stepFunctions.resume();
}
