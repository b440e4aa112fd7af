import type { EventBridgeEvent } from 'aws-lambda';
import { environmentNames } from '../../contracts/environment.ts';
import type {
  AdvanceReleaseInput,
  AwaitApprovalInput,
  ExamineReleaseInput,
  GateInput,
  RecordUnexaminedInput,
  StartReleaseInput,
  StartReleaseOutput,
} from '../../contracts/tasks.ts';
import { awaitApproval as keepToken } from '../../lifecycle/release/approvals.ts';
import { continueRelease } from '../../lifecycle/release/continue-release.ts';
import {
  gateRelease as gateAgain,
  judgeRelease,
  recordUnexamined as recordFailure,
} from '../../lifecycle/release/examine-release.ts';
import { gateVersion } from '../../lifecycle/release/gate-version.ts';
import { queueRelease } from '../../lifecycle/release/request-release.ts';
import { rollBackAllOnAlarm } from '../../lifecycle/release/roll-back-on-alarm.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectTable } from '../../platform/table.ts';
import { connectDeployedAthena } from '../deployed-athena.ts';
import { deployedUseCases, loadDeployed } from '../deployed-use-cases.ts';
import { releaseServices } from '../release-services.ts';
import { task } from '../task.ts';

const services = {
  ...releaseServices,
  predictions: connectTable(requiredVariable(environmentNames.predictionsTable)),
  athena: connectDeployedAthena(),
};

/** Judges a version against the champion, before any traffic. */
export const gate = task(async (input: GateInput) => gateVersion(services, await loadDeployed(input.useCase), input));

/** Asks for the release of a version that passed the gate. */
export const start = task(async ({ request, version, executionId }: StartReleaseInput): Promise<StartReleaseOutput> => {
  const { strategy } = request;
  const asked = { version, strategy, by: executionId, requestId: executionId };
  const { release, status, reason } = await queueRelease(services, await loadDeployed(request.useCase), asked);
  return { release, version, status, reason: reason ?? `release ${release} is ${status}` };
});

/** Does what is due in a release. */
export const advance = task((input: AdvanceReleaseInput) => continueRelease(services, input));

/** Lets the gate decide again, where the champion is another one since. */
export const gateRelease = task(async (input: ExamineReleaseInput) =>
  gateAgain(services, await loadDeployed(input.useCase), input),
);

/** Judges the step that runs. */
export const judge = task(async (input: ExamineReleaseInput) =>
  judgeRelease(services, await loadDeployed(input.useCase), input),
);

/** Records that gate or judge failed. */
export const recordUnexamined = task((input: RecordUnexaminedInput) => recordFailure(services, input));

/** Keeps the token under which an execution waits for a person. */
export const awaitApproval = task((input: AwaitApprovalInput) => keepToken(services, input));

/** Takes back what is new when the endpoint raises an alarm. */
export const rollBackOnAlarm = task(
  ({ detail }: EventBridgeEvent<'CloudWatch Alarm State Change', { readonly alarmName: string }>) =>
    rollBackAllOnAlarm(services, deployedUseCases(), detail.alarmName),
);
