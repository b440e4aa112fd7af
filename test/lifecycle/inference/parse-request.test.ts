import fc from 'fast-check';
import { createRequestParser, InvalidRequestError } from '../../../lifecycle/inference/parse-request.ts';
import { defineUseCase } from '../../../use-cases/define-use-case.ts';
import { loans } from './loans.ts';

const parse = createRequestParser(loans);
const parseOne = (instance: unknown) => parse({ instances: [instance] })[0]!;

function problemsOf(body: unknown) {
  try {
    parse(body);
  } catch (error) {
    if (error instanceof InvalidRequestError) return error.problems;
    throw error;
  }
  return [];
}

const complete = { age: 40, income: 1_234.5, job: 'clerk', owner: true };

describe('the request parser', () => {
  test('returns the features, the entity and the observation id', () => {
    expect(parseOne({ ...complete, client_id: 'c-1', observationId: 'o-1' })).toEqual({
      features: complete,
      imputed: [],
      entityId: 'c-1',
      observationId: 'o-1',
    });
  });

  test('takes integers as ids', () => {
    expect(parseOne({ ...complete, client_id: 17, observationId: 4 })).toMatchObject({
      entityId: '17',
      observationId: '4',
    });
  });

  test('takes absent, null and empty features as missing and names them', () => {
    const { features, imputed } = parseOne({ age: null, job: '', owner: false });
    expect(features).toEqual({ age: null, income: null, job: null, owner: false });
    expect(imputed).toEqual(['age', 'income', 'job']);
    expect(parseOne({}).imputed).toEqual(['age', 'income', 'job', 'owner']);
  });

  test('takes a level that nobody declared', () => {
    expect(parseOne({ ...complete, job: 'astronaut' }).features).toMatchObject({ job: 'astronaut' });
  });

  test.each([
    ['age', 'forty', 'expected an integer from 18 to 100, got "forty"'],
    ['age', '40', 'expected an integer from 18 to 100, got "40"'],
    ['age', 40.5, 'expected an integer from 18 to 100, got 40.5'],
    ['age', 17, 'expected an integer from 18 to 100, got 17'],
    ['age', 101, 'expected an integer from 18 to 100, got 101'],
    ['age', true, 'expected an integer from 18 to 100, got true'],
    ['age', [40], 'expected an integer from 18 to 100, got an array of 1'],
    ['age', {}, 'expected an integer from 18 to 100, got an object'],
    ['income', 1e39, 'expected a number, got 1e+39'],
    ['income', '', 'expected a number, got ""'],
    ['job', 3, 'expected a string of at most 256 characters, got 3'],
    ['owner', 'yes', 'expected true or false, got "yes"'],
    ['owner', 1, 'expected true or false, got 1'],
    ['client_id', '', 'expected a string of 1 to 256 characters or an integer, got ""'],
    ['client_id', 1.5, 'expected a string of 1 to 256 characters or an integer, got 1.5'],
    ['observationId', true, 'expected a string of 1 to 256 characters or an integer, got true'],
    ['incme', 1, 'unknown field; did you mean "income"?'],
    ['observation_id', 'o', 'unknown field; did you mean "observationId"?'],
    ['house', true, 'unknown field; did you mean "owner"?'],
    ['colour', 1, 'unknown field; accepted are age, income, job, owner, client_id, observationId'],
    ['score', 1, 'not accepted: made from the label'],
    ['repaid', 'yes', 'not accepted: it is the label'],
    ['__proto__', 1, 'unknown field; accepted are age, income, job, owner, client_id, observationId'],
  ])('refuses %s of %j', (name, value, detail) => {
    const instance = JSON.parse(
      JSON.stringify(complete).replace('}', `,${JSON.stringify(name)}:${JSON.stringify(value)}}`),
    );
    expect(problemsOf({ instances: [complete, instance] })).toEqual([{ pointer: `/instances/1/${name}`, detail }]);
  });

  test('accepts the bounds of a range', () => {
    expect(problemsOf({ instances: [{ age: 18 }, { age: 100 }] })).toEqual([]);
  });

  test('names everything that is wrong at once', () => {
    expect(problemsOf({ instances: [{ age: 1, owner: 'no' }, 7, null, [], { jbo: 'clerk' }], instance: 1 })).toEqual([
      { pointer: '/instance', detail: 'unknown field; did you mean "instances"?' },
      { pointer: '/instances/0/age', detail: 'expected an integer from 18 to 100, got 1' },
      { pointer: '/instances/0/owner', detail: 'expected true or false, got "no"' },
      { pointer: '/instances/1', detail: 'expected an object, got 7' },
      { pointer: '/instances/2', detail: 'expected an object, got null' },
      { pointer: '/instances/3', detail: 'expected an object, got an array of 0' },
      { pointer: '/instances/4/jbo', detail: 'unknown field; did you mean "job"?' },
    ]);
  });

  test('lists a hundred problems and counts the rest', () => {
    const instances = Array.from({ length: 1_000 }, () => ({ age: 'old' }));
    expect(() => parse({ instances })).toThrow('The request has 1000 problems; the first 100 are listed');
    expect(problemsOf({ instances })).toHaveLength(100);
  });

  test.each([
    [undefined, '', 'expected an object with "instances", got nothing'],
    [null, '', 'expected an object with "instances", got null'],
    [[], '', 'expected an object with "instances", got an array of 0'],
    [{}, '/instances', 'expected an array of objects, got nothing'],
    [{ instances: {} }, '/instances', 'expected an array of objects, got an object'],
    [{ instances: [] }, '/instances', 'expected 1 to 1,000 instances, got 0'],
    [{ instances: Array(1_001).fill({}) }, '/instances', 'expected 1 to 1,000 instances, got 1,001'],
  ])('refuses the body %.40j', (body, pointer, detail) => {
    expect(problemsOf(body)).toEqual([{ pointer, detail }]);
  });

  test('escapes names in pointers and cuts long ones', () => {
    const [slash, long] = problemsOf({ instances: [{ 'a/b~c': 1, ['x'.repeat(10_000)]: 1 }] });
    expect(slash!.pointer).toBe('/instances/0/a~1b~0c');
    expect(long!.pointer.length).toBeLessThan(300);
  });

  test('reads an entity column that is a feature too', () => {
    const useCase = defineUseCase({ ...loans, entity: { name: 'cohort', column: 'age' } });
    expect(createRequestParser(useCase)({ instances: [{ age: 40 }] })[0]).toMatchObject({
      features: { age: 40 },
      entityId: '40',
    });
  });
});

describe('the request parser, whatever it is given,', () => {
  const valid = fc.record(
    {
      age: fc.option(fc.integer({ min: 18, max: 100 })),
      income: fc.option(fc.float({ noNaN: true, noDefaultInfinity: true })),
      job: fc.option(fc.string({ maxLength: 256 })),
      owner: fc.option(fc.boolean()),
      client_id: fc.option(fc.oneof(fc.string({ minLength: 1, maxLength: 256 }), fc.maxSafeInteger())),
      observationId: fc.option(fc.string({ minLength: 1, maxLength: 256 })),
    },
    { requiredKeys: [] },
  );
  const anything = fc.oneof(fc.jsonValue(), fc.anything());

  test('throws nothing but its own error', () => {
    const body = fc.oneof(
      anything,
      fc.record({ instances: anything }),
      fc.record({
        instances: fc.array(fc.oneof(anything, fc.dictionary(fc.constantFrom(...Object.keys(complete)), anything))),
      }),
    );
    fc.assert(
      fc.property(body, value => {
        for (const { pointer, detail } of problemsOf(value)) {
          expect(pointer === '' || pointer.startsWith('/')).toBe(true);
          expect(detail).not.toBe('');
        }
      }),
      { numRuns: 500 },
    );
  });

  test('passes valid instances on unchanged, and once more', () => {
    fc.assert(
      fc.property(fc.array(valid, { minLength: 1, maxLength: 20 }), instances => {
        const parsed = parse({ instances });
        for (const [index, { features, imputed }] of parsed.entries()) {
          for (const [name, value] of Object.entries(features)) {
            const given = instances[index]?.[name as keyof typeof complete] ?? null;
            expect(value).toBe(given === '' ? null : given);
            expect(imputed.includes(name)).toBe(value === null);
          }
        }
        const again = parse({ instances: parsed.map(({ features }) => features) });
        expect(again.map(({ features }) => features)).toEqual(parsed.map(({ features }) => features));
      }),
    );
  });
});
