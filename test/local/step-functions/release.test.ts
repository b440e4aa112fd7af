import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { AdvanceReleaseInput, AdvanceReleaseOutput } from '../../../contracts/tasks.ts';
import {
  deployedMachine,
  type ScriptedFunction,
  startWorld,
  temporaryFolder,
  type World,
} from './step-functions-client.ts';

const machine = await deployedMachine('release');
const stateFolder = await temporaryFolder();
const input = { useCase: 'bank-marketing', release: 3, rounds: 0 };
let world: World | undefined;
let name = 0;
afterEach(() => world?.stop());

/** Runs an execution in which a look at the release finds one action after the other. */
async function run(
  actions: readonly AdvanceReleaseOutput['action'][],
  functions: Record<string, ScriptedFunction> = {},
) {
  const Advance: ScriptedFunction = ({ useCase, release, rounds }: AdvanceReleaseInput) => ({
    ...{ useCase, release, rounds: rounds + 1 },
    action: actions[rounds] ?? { act: 'end' },
  });
  world = await startWorld({ machines: [machine], functions: { Advance, ...functions }, stateFolder });
  name += 1;
  const { executionArn } = await world.client.send(
    new StartExecutionCommand({ stateMachineArn: machine.arn, name: `run-${name}`, input: JSON.stringify(input) }),
  );
  const execution = await world.ended(executionArn!);
  return { execution, called: world.calls.map(call => call.name), calls: world.calls };
}

describe('release state machine', () => {
  test('ends when there is nothing left to do', async () => {
    const { execution, calls } = await run([]);
    expect(execution.status).toBe('SUCCEEDED');
    expect(calls.map(({ payload }) => payload)).toEqual([{ ...input, executionId: execution.executionArn }]);
  });

  test('looks again after what a look has found: a wait, the gate, the judge', async () => {
    const until = new Date(0).toISOString();
    const { called, calls } = await run([{ act: 'wait', until }, { act: 'gate' }, { act: 'judge' }], {
      GateRelease: () => null,
      Judge: () => null,
    });
    expect(called).toEqual(['Advance', 'Advance', 'GateRelease', 'Advance', 'Judge', 'Advance']);
    expect(calls.at(-1)!.payload).toMatchObject({ ...input, rounds: 3 });
  });

  test('has the failure of a judge recorded, after it was tried again', async () => {
    let attempts = 0;
    const { execution, called, calls } = await run([{ act: 'judge' }], {
      Judge: () => {
        attempts += 1;
        throw new Error('the log cannot be read');
      },
      RecordUnexamined: () => null,
    });
    expect(attempts).toBe(7);
    expect(execution.status).toBe('SUCCEEDED');
    expect(called.slice(-2)).toEqual(['RecordUnexamined', 'Advance']);
    expect(calls.at(-2)!.payload).toMatchObject({ release: 3, failure: { Error: 'Error' } });
  });

  test('waits for a person under a token, and looks again when that takes too long', async () => {
    const tokens: string[] = [];
    const { called } = await run([{ act: 'await approval', until: new Date(0).toISOString() }], {
      AwaitApproval: ({ token }: { token: string }) => {
        tokens.push(token);
        return null;
      },
    });
    expect(tokens).toHaveLength(1);
    expect(called).toEqual(['Advance', 'AwaitApproval', 'Advance']);
  });
});
