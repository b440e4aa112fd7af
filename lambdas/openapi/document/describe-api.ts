import * as z from 'zod';
import type { UseCase } from '../../../use-cases/define-use-case.ts';
import { problem, type Route, type Routes } from '../routes/route.ts';

/** What a document is made of. */
export interface DescribeApiOptions {
  readonly routes: Routes;
  readonly useCases: readonly UseCase[];
  /** What names the deployed code. */
  readonly build: string;
}

/** An OpenAPI document, as far as its readers here look into it. */
export interface ApiDocument {
  readonly openapi: '3.1.0';
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly [part: string]: unknown;
}

/** A route of the document. */
export interface Operation {
  readonly operationId: string;
  readonly security: readonly object[];
  readonly responses: Readonly<Record<string, unknown>>;
  readonly [part: string]: unknown;
}

/** Writes the OpenAPI 3.1 document of the deployed routes and use cases. */
export function describeApi({ routes, useCases, build }: DescribeApiOptions): ApiDocument {
  const { schemaOf, components } = writeSchemas(routes, useCases);
  const paths: Record<string, Record<string, Operation>> = {};
  for (const [key, route] of Object.entries(routes)) {
    const [method, path] = key.split(' ') as [string, string];
    paths[path] = { ...paths[path], [method.toLowerCase()]: describeRoute({ key, route, useCases, schemaOf }) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Perennial',
      version: build,
      description: 'Predictions, true outcomes, and the life of the models behind them.',
    },
    paths,
    components: {
      schemas: components,
      securitySchemes: { accessKey: { type: 'http', scheme: 'bearer', description: 'Access key, `prn_…`' } },
    },
  };
}

/** Names of the schemas of a route: its body, its answer, its refusals, and each name of its query. */
type SchemaOf = (key: string, part: string) => object;

interface DescribeRouteOptions extends Pick<DescribeApiOptions, 'useCases'> {
  readonly key: string;
  readonly route: Route;
  readonly schemaOf: SchemaOf;
}

function describeRoute({ key, route, useCases, schemaOf }: DescribeRouteOptions): Operation {
  const {
    summary,
    group,
    scope,
    query = {},
    headers = {},
    body,
    status = 200,
    alsoAs = [],
    refusals = {},
    refusal,
  } = route;
  const json = (part: string) => ({ 'application/json': { schema: schemaOf(key, part) } });
  const refused = refusal ? json('refusal') : { 'application/problem+json': { schema: schemaOf(key, 'refusal') } };
  const inPath = [...key.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    ...{ name, in: 'path', required: true },
    schema: { type: 'string', ...(name === 'useCase' && { enum: useCases.map(({ id }) => id) }) },
  }));
  const inQuery = Object.keys(query).map(name => ({ name, in: 'query', schema: schemaOf(key, `query ${name}`) }));
  const inHeader = Object.entries(headers).map(([name, description]) => ({
    ...{ name, in: 'header', description },
    schema: { type: 'string' },
  }));
  const parameters = [...inPath, ...inQuery, ...inHeader];
  const texts = Object.fromEntries(alsoAs.map(type => [type, { schema: { type: 'string' } }]));
  const keyRefusals = { 401: 'There is no access key', 403: `The access key is unknown, or has no scope \`${scope}\`` };
  const described = Object.entries({ ...refusals, ...(scope && keyRefusals) }).map(([status, description]) => [
    status,
    // API Gateway's own answers have no form of ours.
    status === '401' || status === '403' ? { description } : { description, content: refused },
  ]);
  return {
    operationId: key.replaceAll(/\W+/g, '-').replace(/-$/, '').toLowerCase(),
    summary,
    tags: [group],
    security: scope ? [{ accessKey: [] }] : [],
    ...(scope && { 'x-scope': scope }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: { required: true, content: json('body') } }),
    responses: {
      [status]: { description: summary, content: { ...json('answer'), ...texts } },
      ...Object.fromEntries(described),
    },
  };
}

/** Writes all schemas in one go, so that those with an id are components and stand once. */
function writeSchemas(routes: Routes, useCases: readonly UseCase[]) {
  const parts = Object.entries(routes).flatMap(([key, { query = {}, body, answer, refusal = problem }]) => [
    ...Object.entries(query).map(([name, schema]) => [`${key} query ${name}`, schema] as const),
    ...(body ? [[`${key} body`, typeof body === 'function' ? body(useCases) : body] as const] : []),
    [`${key} answer`, answer] as const,
    [`${key} refusal`, refusal] as const,
  ]);
  const written = z.toJSONSchema(z.object(Object.fromEntries(parts)), { io: 'input' });
  const { properties, $defs } = JSON.parse(JSON.stringify(written).replaceAll('"#/$defs/', '"#/components/schemas/'));
  const schemaOf: SchemaOf = (key, part) => properties[`${key} ${part}`];
  return { schemaOf, components: $defs as Readonly<Record<string, object>> };
}
