import * as z from 'zod';
import type { Instance } from '../../contracts/http.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { closestName } from '../inference/closest-name.ts';
import { createRequestParser, InvalidRequestError } from '../inference/parse-request.ts';
import { ForeignModelError } from './foreign-model.ts';
import type { GoldenRow } from './model-card.ts';

/** What the maker of a model says about it. */
export interface ForeignSignature {
  readonly features: readonly ForeignFeature[];
  /** Probability at or above which the decision is positive. @default - the most profitable one on rows outside the holdout */
  readonly threshold?: number;
  /** What the model answers where it comes from. @default - none */
  readonly goldenRows: readonly GoldenRow[];
}

/** One feature that a model reads; `levels` and `range` are those that it learnt, where its maker knows them. */
export type ForeignFeature = z.infer<typeof featureSchema>;

const featureSchema = z.object({
  name: z.string(),
  type: z.enum(['number', 'integer', 'category', 'boolean']),
  levels: z.array(z.string()).optional(),
  range: z.tuple([z.number(), z.number()]).optional(),
});

const signatureSchema = z.object({
  features: z.array(featureSchema).min(1),
  threshold: z.number().min(0).max(1).optional(),
  goldenRows: z
    .array(
      z.object({
        instance: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
        probability: z.number().min(0).max(1),
      }),
    )
    .max(1_000)
    .default([]),
});

/**
 * Reads the signature of a foreign model and checks it against the use case.
 *
 * @param signature decoded JSON
 * @throws {ForeignModelError}
 */
export function readForeignSignature(useCase: UseCase, signature: unknown): ForeignSignature {
  const { success, data, error } = signatureSchema.safeParse(signature);
  if (!success) {
    throw new ForeignModelError(
      error.issues.map(
        ({ path, message }) => `its signature${path.length > 0 ? ` at ${path.join('.')}` : ''}: ${message}`,
      ),
    );
  }
  const problems = [...findFeatureProblems(useCase, data.features), ...findRowProblems(useCase, data.goldenRows)];
  if (problems.length > 0) throw new ForeignModelError(problems);
  return data;
}

function findFeatureProblems({ features, excluded }: UseCase, signed: readonly ForeignFeature[]): string[] {
  const names = signed.map(({ name }) => name);
  const twice = names.filter((name, index) => names.indexOf(name) !== index);
  return [
    ...twice.map(name => `its signature names "${name}" twice`),
    ...signed.flatMap(({ name, type }) => {
      const feature = Object.hasOwn(features, name) ? features[name] : undefined;
      if (feature?.type === type) return [];
      if (feature) return [`feature "${name}" is ${type} in its signature and ${feature.type} in the use case`];
      if (Object.hasOwn(excluded, name)) return [`feature "${name}" must not be used: ${excluded[name]}`];
      const meant = closestName(name, Object.keys(features));
      return [`the use case has no feature "${name}"${meant ? `; did you mean "${meant}"?` : ''}`];
    }),
  ];
}

/** Golden rows are requests: what the endpoint refuses, it need not answer. */
function findRowProblems(useCase: UseCase, goldenRows: readonly GoldenRow[]): string[] {
  if (goldenRows.length === 0) return [];
  try {
    createRequestParser(useCase)({ instances: goldenRows.map(({ instance }): Instance => instance) });
    return [];
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    return error.problems.map(
      ({ pointer, detail }) => `its golden row ${pointer.replace(/^\/instances\//, '')}: ${detail}`,
    );
  }
}
