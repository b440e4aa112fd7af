import { environmentNames } from '../../contracts/environment.ts';
import type { LifecycleExecution, StartedLifecycleExecution } from '../../contracts/tasks.ts';
import { readClock } from '../../lifecycle/clock.ts';
import {
  nameExecution,
  readLifecycleExecution,
  startLifecycle,
} from '../../lifecycle/registry/lifecycle-executions.ts';
import { lifecycleExecutionRequest, manualRequest } from '../../lifecycle/registry/lifecycle-request.ts';
import { parseBody } from '../../lifecycle/release/parse-request.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectTable } from '../../platform/table.ts';
import { connectWorkflows } from '../../platform/workflows.ts';
import { loadDeployed } from '../deployed-use-cases.ts';
import { byRoute, HttpAnswer, http } from '../http.ts';

const services = {
  registry: connectTable(requiredVariable(environmentNames.registryTable)),
  workflows: connectWorkflows(requiredVariable(environmentNames.stateMachinePrefix)),
  clock: readClock(),
};

/** Executions of a use case's lifecycle: starts one, or tells what became of it. */
export const handler = byRoute({
  'POST /use-cases/{useCase}/lifecycle-executions': http(
    { scope: 'operate', json: true },
    async ({ parameters, headers, body, keyId }) => {
      const { id: useCase } = await loadDeployed(parameters.useCase);
      const request = manualRequest(useCase, parseBody(lifecycleExecutionRequest, body));
      const name = nameExecution(useCase, keyId, headers['idempotency-key']);
      const status = await startLifecycle(services, request, name);
      const started: StartedLifecycleExecution = { name, useCase, status };
      const location = `/use-cases/${useCase}/lifecycle-executions/${name}`;
      return new HttpAnswer(started, { status: 202, headers: { location } });
    },
  ),
  'GET /use-cases/{useCase}/lifecycle-executions/{name}': http(
    { scope: 'view' },
    async ({ parameters }): Promise<LifecycleExecution> => {
      const { id } = await loadDeployed(parameters.useCase);
      return readLifecycleExecution(services.workflows, id, parameters.name ?? '');
    },
  ),
});
