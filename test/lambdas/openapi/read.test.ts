import type { ApiDocument } from '../../../lambdas/openapi/document/describe-api.ts';
import { allRoutes } from '../../../lambdas/openapi/routes/all.ts';
import { call } from '../http-event.ts';

let document: ApiDocument;

beforeAll(async () => {
  process.env.USE_CASES = 'bank-marketing,telco-churn';
  process.env.BUILD = '1.2.3';
  const { handler } = await import('../../../lambdas/openapi/read.ts');
  ({ body: document } = await call<ApiDocument>(handler, { route: 'GET /openapi.json' }));
});

function operations() {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ key: `${method.toUpperCase()} ${path}`, operation })),
  );
}

test('the document describes every route once', () => {
  expect(document).toMatchObject({ openapi: '3.1.0', info: { version: '1.2.3' } });
  const described = operations();
  expect(described.map(({ key }) => key).sort()).toEqual(Object.keys(allRoutes).sort());
  const ids = described.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
});

test('every reference leads to a component', () => {
  const { schemas } = document.components as { schemas: object };
  const references = JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g);
  for (const [, reference] of references) {
    expect(reference).toMatch(/^#\/components\/schemas\/[A-Za-z0-9._-]+$/);
    expect(schemas).toHaveProperty([reference!.split('/').at(-1)!]);
  }
});

test('every part of a path is a parameter', () => {
  for (const { key, operation } of operations()) {
    const parameters = (operation.parameters ?? []) as { name: string; in: string }[];
    const named = parameters.filter(parameter => parameter.in === 'path').map(({ name }) => name);
    expect(named).toEqual([...key.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
  }
});

test('the instances of each use case are described by its features', () => {
  expect(document.components).toMatchObject({
    schemas: {
      'Instance-bank-marketing': {
        additionalProperties: false,
        properties: { age: { description: 'Age in years', anyOf: [{ minimum: 16, maximum: 120 }, { type: 'null' }] } },
      },
      'Instance-telco-churn': { properties: { observationId: {} } },
    },
  });
});

test('what is open asks for no key', () => {
  const open = operations().filter(({ operation }) => operation.security.length === 0);
  expect(open.map(({ key }) => key)).toEqual([
    'GET /v2/health/live',
    'GET /v2/health/ready',
    'GET /health',
    'GET /openapi.json',
  ]);
});
