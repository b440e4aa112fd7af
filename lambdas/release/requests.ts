import { randomUUID } from 'node:crypto';
import { environmentNames } from '../../contracts/environment.ts';
import { readClock } from '../../lifecycle/clock.ts';
import { answerApproval } from '../../lifecycle/release/approvals.ts';
import { findEntryAt, readLedger } from '../../lifecycle/release/ledger.ts';
import {
  approvalRequest,
  parseBody,
  parseInstant,
  parseNumber,
  releaseRequest,
  rollBackRequest,
} from '../../lifecycle/release/parse-request.ts';
import { listReleases, readRelease } from '../../lifecycle/release/releases.ts';
import { startRelease } from '../../lifecycle/release/request-release.ts';
import { rollBack as goBack } from '../../lifecycle/release/roll-back.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectEvents } from '../../platform/events.ts';
import { connectObjects } from '../../platform/objects.ts';
import { connectTable } from '../../platform/table.ts';
import { connectWorkflows } from '../../platform/workflows.ts';
import { loadUseCase } from '../../use-cases/load-use-case.ts';
import { http } from '../http.ts';

const services = {
  registry: connectTable(requiredVariable(environmentNames.registryTable)),
  objects: connectObjects(requiredVariable(environmentNames.bucket)),
  workflows: connectWorkflows(requiredVariable(environmentNames.stateMachinePrefix)),
  events: connectEvents(requiredVariable(environmentNames.eventBus)),
  clock: readClock(),
};
const { registry } = services;
const useCases = requiredVariable(environmentNames.useCases).split(',');
const load = (id: string | undefined) => loadUseCase(id ?? '', useCases);

/** `GET …/releases`: all of them, newest first; `GET …/releases/{id}`: one. */
export const read = http({ scope: 'view' }, async ({ parameters }) => {
  const { id } = await load(parameters.useCase);
  if (parameters.id === undefined) return { releases: await listReleases(registry, id) };
  return readRelease(registry, id, parseNumber(parameters.id));
});

/** `GET …/ledger[?at=…]`: every routing decision, newest first, or the one that held at an instant. */
export const readEntries = http({ scope: 'view' }, async ({ parameters, query }) => {
  const { id } = await load(parameters.useCase);
  const ledger = await readLedger(registry, id);
  const at = query.at === undefined ? undefined : parseInstant(query.at);
  return { entries: at ? [findEntryAt(ledger, at)].filter(entry => entry !== undefined) : ledger };
});

/** `POST …/releases`: starts the release of a version. */
export const start = http({ scope: 'operate', json: true }, async ({ parameters, body, keyId }) => {
  const useCase = await load(parameters.useCase);
  return startRelease(services, useCase, { ...parseBody(releaseRequest, body), by: keyId, requestId: randomUUID() });
});

/** `POST …/releases/{id}/approval`: what a person decided. */
export const approve = http({ scope: 'operate', json: true }, async ({ parameters, body, keyId }) => {
  const { id: useCase } = await load(parameters.useCase);
  const release = parseNumber(parameters.id ?? '');
  return answerApproval(services, { ...parseBody(approvalRequest, body), useCase, release, by: keyId });
});

/** `POST …/rollback`: lets an earlier version answer everybody. */
export const rollBack = http({ scope: 'operate', json: true }, async ({ parameters, body, keyId }) => {
  const { id: useCase } = await load(parameters.useCase);
  return goBack(services, { ...parseBody(rollBackRequest, body), useCase, by: keyId });
});
