import { randomUUID } from 'node:crypto';
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
import { loadDeployed } from '../deployed-use-cases.ts';
import { http } from '../http.ts';
import { readNumberAfter, readPage, takeWalked } from '../page.ts';
import { releaseServices } from '../release-services.ts';

const { registry, clock } = releaseServices;
const tell = (release: Release) => tellRelease(release, clock.now());

/** `GET …/releases`: all of them, newest first and page by page; `GET …/releases/{id}`: one. */
export const read = http({ scope: 'view' }, async ({ parameters, query }) => {
  const { id } = await loadDeployed(parameters.useCase);
  if (parameters.id !== undefined) return tell(await readRelease(registry, id, parseNumber(parameters.id)));
  const page = readPage(query);
  const walked = walkReleases(registry, id, readNumberAfter(page));
  const { items, next } = await takeWalked(walked, ({ release }) => String(release), page);
  return { releases: items.map(tell), next };
});

/** `GET …/ledger[?at=…]`: every routing decision, newest first and page by page, or the one that held at an instant. */
export const readEntries = http({ scope: 'view' }, async ({ parameters, query }) => {
  const { id } = await loadDeployed(parameters.useCase);
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
  const useCase = await loadDeployed(parameters.useCase);
  const request = { ...parseBody(releaseRequest, body), by: keyId, requestId: randomUUID() };
  return tell(await startRelease(releaseServices, useCase, request));
});

/** `POST …/releases/{id}/approval`: what a person decided. */
export const approve = http({ scope: 'operate', json: true }, async ({ parameters, body, keyId }) => {
  const { id: useCase } = await loadDeployed(parameters.useCase);
  const release = parseNumber(parameters.id ?? '');
  return tell(
    await answerApproval(releaseServices, { ...parseBody(approvalRequest, body), useCase, release, by: keyId }),
  );
});

/** `POST …/rollback`: lets an earlier version answer everybody. */
export const rollBack = http({ scope: 'operate', json: true }, async ({ parameters, body, keyId }) => {
  const { id: useCase } = await loadDeployed(parameters.useCase);
  return goBack(releaseServices, { ...parseBody(rollBackRequest, body), useCase, by: keyId });
});
