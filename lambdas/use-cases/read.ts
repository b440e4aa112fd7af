import { environmentNames } from '../../contracts/environment.ts';
import type { UseCaseResponse, UseCasesResponse } from '../../contracts/http.ts';
import { describeUseCase, summarizeUseCase } from '../../lifecycle/inference/describe-use-case.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectTable } from '../../platform/table.ts';
import { deployedUseCases, loadDeployed } from '../deployed-use-cases.ts';
import { http } from '../http.ts';

const registry = connectTable(requiredVariable(environmentNames.registryTable));

/** `GET /use-cases`: all use cases in short; `GET /use-cases/{useCase}`: one in full. */
export const handler = http({ scope: 'view' }, ({ parameters }): Promise<UseCasesResponse | UseCaseResponse> => {
  const id = parameters.useCase;
  return id === undefined ? listUseCases() : readUseCase(id);
});

async function listUseCases(): Promise<UseCasesResponse> {
  const summaries = deployedUseCases().map(async id => summarizeUseCase(registry, await loadDeployed(id)));
  return { useCases: await Promise.all(summaries) };
}

async function readUseCase(id: string): Promise<UseCaseResponse> {
  return describeUseCase(registry, await loadDeployed(id));
}
