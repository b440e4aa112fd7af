import * as z from 'zod';
import { releaseStrategies } from '../../use-cases/release-policy.ts';
import { InvalidRequestError } from '../inference/parse-request.ts';

const reason = z.string().trim().min(1).max(1_000);
const number = z.number().int().positive();

/** Body of `POST …/releases`. */
export const releaseRequest = z.strictObject({ version: number, strategy: z.enum(releaseStrategies).optional() });

/** Body of `POST …/releases/{id}/approval`. */
export const approvalRequest = z.strictObject({ decision: z.enum(['approved', 'rejected']), reason });

/** Body of `POST …/rollback`. */
export const rollBackRequest = z.strictObject({ from: number.optional(), to: number.optional(), reason });

/**
 * Checks a decoded JSON body.
 *
 * @throws {InvalidRequestError}
 */
export function parseBody<Schema extends z.ZodType>(schema: Schema, body: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new InvalidRequestError(
    parsed.error.issues.map(({ path, message }) => ({
      pointer: path.map(part => `/${String(part)}`).join(''),
      detail: message,
    })),
  );
}

/** Reads the number of a release in a path. @throws {InvalidRequestError} */
export function parseNumber(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new InvalidRequestError([{ pointer: '/id', detail: `"${text}" is no number of a release: 1, 2, 3 …` }]);
}

/** Reads an ISO 8601 instant of a query. @throws {InvalidRequestError} */
export function parseInstant(text: string): Date {
  const instant = new Date(text);
  if (!Number.isNaN(instant.getTime())) return instant;
  throw new InvalidRequestError([{ pointer: '/at', detail: `"${text}" is no ISO 8601 instant` }]);
}
