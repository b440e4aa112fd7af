import { randomUUID } from 'node:crypto';
import { environmentNames } from '../../contracts/environment.ts';
import { readClock } from '../../lifecycle/clock.ts';
import { answerApproval, tellRelease } from '../../lifecycle/release/approvals.ts';
import { readEntryAt, walkLedger } from '../../lifecycle/release/ledger.ts';
import {
  approvalRequest,
  parseBody,
  parseInstant,
  parseNumber,
  releaseRequest,
  rollBackRequest,
} from '../../lifecycle/release/parse-request.ts';
import { type Release, readRelease, walkReleases } from '../../lifecycle/release/releases.ts';
import { startRelease } from '../../lifecycle/release/request-release.ts';
import { rollBack as goBack } from '../../lifecycle/release/roll-back.ts';
import { requiredVariable } from '../../platform/environment.ts';
import { connectEvents } from '../../platform/events.ts';
import { connectObjects } from '../../platform/objects.ts';
import { connectTable } from '../../platform/table.ts';
import { connectWorkflows } from '../../platform/workflows.ts';
import { loadUseCase } from '../../use-cases/load-use-case.ts';
import { http } from '../http.ts';
import { readNumberAfter, readPage, takeWalked } from '../page.ts';

const services = {
  registry: connectTable(requiredVariable(environmentNames.registryTable)),
  objects: connectObjects(requiredVariable(environmentNames.bucket)),
  workflows: connectWorkflows(requiredVariable(environmentNames.stateMachinePrefix)),
  events: connectEvents(requiredVariable(environmentNames.eventBus)),
  clock: readClock(),
};
const { registry, clock } = services;
const useCases = requiredVariable(environmentNames.useCases).split(',');
const load = (id: string | undefined) => loadUseCase(id ?? '', useCases);
const tell = (release: Release) => tellRelease(release, clock.now());

/** `GET …/releases`: all of them, newest first and page by page; `GET …/releases/{id}`: one. */
export const read = http({ scope: 'view' }, async ({ parameters, query }) => {
  const { id } = await load(parameters.useCase);
  if (parameters.id !== undefined) return tell(await readRelease(registry, id, parseNumber(parameters.id)));
  const page = readPage(query);
  const walked = walkReleases(registry, id, readNumberAfter(page));
  const { items, next } = await takeWalked(walked, ({ release }) => String(release), page);
  return { releases: items.map(tell), next };
});

/** `GET …/ledger[?at=…]`: every routing decision, newest first and page by page, or the one that held at an instant. */
export const readEntries = http({ scope: 'view' }, async ({ parameters, query }) => {
  const { id } = await load(parameters.useCase);
  if (query.at !== undefined) {
    const entry = await readEntryAt(registry, id, parseInstant(query.at));
    return { entries: entry ? [entry] : [], next: null };
  }
  const page = readPage(query);
  const walked = walkLedger(registry, id, readNumberAfter(page));
  const { items, next } = await takeWalked(walked, ({ entry }) => String(entry), page);
  return { entries: items, next };
});

/** `POST …/releases`: starts the release of a version. */
export const start = http({ scope: 'operate', json: true }, async ({ parameters, body, keyId }) => {
  const useCase = await load(parameters.useCase);
  const request = { ...parseBody(releaseRequest, body), by: keyId, requestId: randomUUID() };
  return tell(await startRelease(services, useCase, request));
});

/** `POST …/releases/{id}/approval`: what a person decided. */
export const approve = http({ scope: 'operate', json: true }, async ({ parameters, body, keyId }) => {
  const { id: useCase } = await load(parameters.useCase);
  const release = parseNumber(parameters.id ?? '');
  return tell(await answerApproval(services, { ...parseBody(approvalRequest, body), useCase, release, by: keyId }));
});

/** `POST …/rollback`: lets an earlier version answer everybody. */
export const rollBack = http({ scope: 'operate', json: true }, async ({ parameters, body, keyId }) => {
  const { id: useCase } = await load(parameters.useCase);
  return goBack(services, { ...parseBody(rollBackRequest, body), useCase, by: keyId });
});
