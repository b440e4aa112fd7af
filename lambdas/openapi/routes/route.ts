import * as z from 'zod';
import type { Problem, Scope } from '../../../contracts/http.ts';
import type { UseCase } from '../../../use-cases/define-use-case.ts';
import { pageLimits } from '../../page.ts';

/** What there is to say of a route; its path's `{…}` follow from the path. */
export interface Route {
  /** In a few words. */
  readonly summary: string;
  /** Heading under which the route stands. */
  readonly group:
    | 'predictions'
    | 'use cases'
    | 'registry'
    | 'releases'
    | 'outcomes'
    | 'observations'
    | 'lifecycle'
    | 'monitoring'
    | 'open inference'
    | 'health';
  /** What the access key must be allowed to do. @default - nothing: the route is open */
  readonly scope?: Scope;
  /** What may stand behind the `?`, by name. */
  readonly query?: Readonly<Record<string, z.ZodType>>;
  /** What a request may say in a header, by name. @default - nothing that matters */
  readonly headers?: Readonly<Record<string, string>>;
  /** The body that it takes; of some, it follows from the deployed use cases. @default - none */
  readonly body?: z.ZodType | ((useCases: readonly UseCase[]) => z.ZodType);
  /** The body that it answers with. */
  readonly answer: z.ZodType;
  /** @default 200 */
  readonly status?: 200 | 202;
  /** Media types of text that it answers with to who would rather have that. @default - JSON alone */
  readonly alsoAs?: readonly string[];
  /** How it says no, beside 401 and 403 of a missing or unknown key. @default - none */
  readonly refusals?: Readonly<Record<number, string>>;
  /** @default - problem details */
  readonly refusal?: z.ZodType;
}

/** Routes by method and path, as `GET /use-cases/{useCase}`. */
export type Routes = Readonly<Record<string, Route>>;

/** An instant, ISO 8601 in UTC. */
export const instant = z.string().describe('ISO 8601 instant in UTC');

/** RFC 9457. */
export const problem = z
  .object({
    type: z.string().describe('URN that says which problem it is'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z
      .array(z.object({ pointer: z.string().describe('JSON pointer, RFC 6901'), detail: z.string() }))
      .optional()
      .describe('One entry per thing wrong with the body'),
  })
  .meta({ id: 'Problem' }) satisfies z.ZodType<Problem>;

/** Query of a list that comes in pages. */
export const pageQuery = {
  limit: z.int().min(1).max(pageLimits.most).default(pageLimits.usual).describe('Items of a page at most'),
  after: z.string().optional().describe('What `next` said on the page before'),
};

/** A page of a list. */
export function pageOf(name: string, item: z.ZodType): z.ZodType {
  return z.object({ [name]: z.array(item), next: z.string().nullable().describe('Null on the last page') });
}

/** What is said where something in the path is not there. */
export const unknown = { 404: 'Something that the path names is not there' } as const;
/** What is said of a body or query that does not fit. */
export const misfit = { 400: 'Body or query does not fit' } as const;
