import * as z from 'zod';
import type { Feature, UseCase } from '../../use-cases/define-use-case.ts';
import { featureSchema, identifier, optional } from '../inference/instance-schema.ts';
import { timeWords } from './parse-time.ts';

/** Describes an observation of a use case as it should be sent, for readers and machines that are told beforehand. It checks no request. */
export function observationSchema({ id, title, entity, features, label }: UseCase): z.ZodType {
  const values = Object.entries(features).map(([name, feature]) => [
    name,
    optional(valueSchema(feature), feature.meaning),
  ]);
  return z
    .strictObject({
      ...Object.fromEntries(values),
      [entity.column]: optional(
        identifier,
        `Whom it is about; the observation's own id where there is no ${entity.name}`,
      ),
      observationId: optional(
        identifier,
        'The same id is the same observation; without one, it follows from the values',
      ),
      eventTime: z.string().describe(`When it happened: ${timeWords}`),
      [label.column]: optional(
        z.enum([label.positive, label.negative]),
        `${label.meaning}; null while it is not known`,
      ),
    })
    .meta({ id: `Observation-${id}`, title });
}

/** No table takes a level that the use case does not know, though the endpoint answers about it. */
function valueSchema(feature: Feature): z.ZodType {
  return feature.type === 'category' ? z.enum(feature.levels) : featureSchema(feature);
}
