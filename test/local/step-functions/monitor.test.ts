import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { deployedMachine, type ScriptedFunction, startWorld, temporaryFolder } from './step-functions-client.ts';

const machine = await deployedMachine('monitor');

/** Runs the machine to its end. */
async function run(MakeReport: ScriptedFunction) {
  const functions = { MakeReport, Decide: ({ reportId }: { reportId: string }) => ({ action: 'none', on: reportId }) };
  const world = await startWorld({ machines: [machine], functions, stateFolder: await temporaryFolder() });
  try {
    const start = { stateMachineArn: machine.arn, input: '{"useCase":"loans"}' };
    const { executionArn } = await world.client.send(new StartExecutionCommand(start));
    const { status, output } = await world.ended(executionArn!);
    return { status, output: JSON.parse(output ?? 'null'), calls: world.calls.map(({ name }) => name) };
  } finally {
    await world.stop();
  }
}

test('every window that is to be reported on is decided on before the next; the last is what it ends with', async () => {
  const last = { status: 'made', reportId: '3', revision: 1, more: false };
  const { status, output, calls } = await run((_, attempt) => ({ ...last, reportId: `${attempt}`, more: attempt < 3 }));
  expect({ status, output }).toMatchObject({
    status: 'SUCCEEDED',
    output: { report: last, decision: { action: 'none', on: '3' } },
  });
  expect(calls).toEqual(['MakeReport', 'Decide', 'MakeReport', 'Decide', 'MakeReport', 'Decide']);
});

test('where nothing is archived there is nothing to decide', async () => {
  const nothing = { status: 'nothing', summary: 'no prediction is archived yet' };
  expect(await run(() => nothing)).toEqual({ status: 'SUCCEEDED', output: nothing, calls: ['MakeReport'] });
});
