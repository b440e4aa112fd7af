import * as z from 'zod';
import type { Feature, NumberFeature, UseCase } from '../../use-cases/define-use-case.ts';
import { longestText } from './accepted-values.ts';

/**
 * Describes an instance of a use case: what our own check of requests (`parse-request.ts`) accepts, no more and no less, for readers and machines that are
 * told beforehand. It checks no request.
 */
export function instanceSchema({ id, title, entity, features }: UseCase): z.ZodType {
  const values = Object.entries(features).map(([name, feature]) => [
    name,
    optional(featureSchema(feature), feature.meaning),
  ]);
  return z
    .strictObject({
      ...Object.fromEntries(values),
      [entity.column]: optional(identifier, `Whom it is about: rows of one ${entity.name} are answered by one variant`),
      observationId: optional(identifier, 'Id under which the outcome will be known'),
    })
    .meta({ id: `Instance-${id}`, title });
}

/** Largest number that is finite as a float32, in which models compute. */
const largestNumber = 3.4028235677973362e38;

/** An id, of an entity or an observation. */
export const identifier = z.union([z.string().min(1).max(longestText), z.int()]);

/** What may be left out, or null. */
export function optional(schema: z.ZodType, meaning: string): z.ZodType {
  return schema.nullable().optional().describe(meaning);
}

/** Describes a value of a feature. */
export function featureSchema(feature: Feature): z.ZodType {
  switch (feature.type) {
    case 'boolean':
      return z.boolean();
    case 'category':
      return z.string().max(longestText).meta({ examples: feature.levels });
    default:
      return numberSchema(feature);
  }
}

function numberSchema({ type, range: [low, high] = [-largestNumber, largestNumber] }: NumberFeature): z.ZodType {
  const number = z.number().min(low).max(high);
  return type === 'integer' ? number.multipleOf(1) : number;
}
