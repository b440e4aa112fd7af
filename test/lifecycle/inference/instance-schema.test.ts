import fc from 'fast-check';
import { z } from 'zod';
import { instanceSchema } from '../../../lifecycle/inference/instance-schema.ts';
import { createRequestParser } from '../../../lifecycle/inference/parse-request.ts';
import { loans } from './loans.ts';

const value = fc.oneof(
  fc.constantFrom(
    18,
    100,
    17,
    100.5,
    1e38,
    3.5e38,
    -3.5e38,
    2 ** 53,
    null,
    true,
    '',
    'nurse',
    'x'.repeat(256),
    'x'.repeat(257),
  ),
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  fc.integer(),
  fc.string(),
  fc.constant([]),
);
const instance = fc.record(
  { age: value, income: value, job: value, owner: value, client_id: value, observationId: value, other: value },
  { requiredKeys: [] },
);

test('the schema of an instance accepts what the check of requests accepts, and nothing else', () => {
  const parse = createRequestParser(loans);
  const described = z.fromJSONSchema(z.toJSONSchema(instanceSchema(loans), { io: 'input' }) as never);
  const isAccepted = (instance: object) => {
    try {
      return parse({ instances: [instance] }).length === 1;
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(instance, instance => {
      expect({ instance, isAccepted: described.safeParse(instance).success }).toEqual({
        instance,
        isAccepted: isAccepted(instance),
      });
    }),
    { numRuns: 3_000 },
  );
});
