import { z } from 'zod';
import type { ApiDocument, Operation } from '../../lambdas/openapi/document/describe-api.ts';

/** A described route of an API. */
export interface DescribedRoute {
  /** As `GET /use-cases/{useCase}`. */
  readonly key: string;
  readonly operation: Operation;
}

/** Lists the routes of a document. */
export function describedRoutes({ paths }: ApiDocument): DescribedRoute[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ key: `${method.toUpperCase()} ${path}`, operation })),
  );
}

/** What is wrong with a body, by the schema that the document has for it; also a field that the document does not know. */
export function findDeviations(document: ApiDocument, schema: object, body: unknown): string[] {
  const { schemas } = document.components as { schemas: object };
  const whole = refuseUnknown({ ...schema, $defs: schemas });
  const local = JSON.parse(JSON.stringify(whole).replaceAll('#/components/schemas/', '#/$defs/'));
  const { error } = z.fromJSONSchema(local).safeParse(body);
  return error ? [z.prettifyError(error)] : [];
}

/** The schema of what a route answers with a status, if the document has it. */
export function answerSchema({ responses }: Operation, status: number): object | undefined {
  const response = responses[status] as { content?: Record<string, { schema: object }> } | undefined;
  return Object.values(response?.content ?? {})[0]?.schema;
}

/** The same schema, in which an object has no fields but those described. */
function refuseUnknown(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(refuseUnknown);
  if (typeof schema !== 'object' || schema === null) return schema;
  const parts = Object.fromEntries(Object.entries(schema).map(([name, part]) => [name, refuseUnknown(part)]));
  return 'properties' in parts && parts.type === 'object' ? { additionalProperties: false, ...parts } : parts;
}
