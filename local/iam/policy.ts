/** A policy document as it stands in a template, its intrinsic functions resolved. */
export interface PolicyDocument {
  readonly Statement: PolicyStatement | readonly PolicyStatement[];
}

interface PolicyStatement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: Conditions;
}

type Conditions = Readonly<Record<string, Readonly<Record<string, string | boolean | readonly (string | boolean)[]>>>>;

/** Values of condition keys, for instance `s3:prefix`, by key in lower case. */
export type ConditionContext = Readonly<Record<string, string>>;

/** What identity-based policies say about an act. */
export type Verdict = 'allowed' | 'denied explicitly' | 'not allowed';

/** Answers whether policies allow an IAM action on a resource ARN. */
export type Evaluate = (action: string, resource: string, context?: ConditionContext) => Verdict;

/** Makes the evaluation of all of an identity's policies. A condition operator that is not known here never lets anyone through. */
export function compilePolicies(documents: readonly PolicyDocument[]): Evaluate {
  const statements = documents.flatMap(({ Statement }) => [Statement].flat()).map(compileStatement);
  return (action, resource, context = {}) => {
    const matching = statements.filter(statement => statement.applies(action, resource, context));
    if (matching.some(({ effect }) => effect === 'Deny')) return 'denied explicitly';
    return matching.length > 0 ? 'allowed' : 'not allowed';
  };
}

interface Statement {
  readonly effect: 'Allow' | 'Deny';
  applies(action: string, resource: string, context: ConditionContext): boolean;
}

function compileStatement({
  Effect,
  Action,
  NotAction,
  Resource,
  NotResource,
  Condition = {},
}: PolicyStatement): Statement {
  const actions = wildcard(Action ?? NotAction ?? [], 'i');
  const resources = wildcard(Resource ?? NotResource ?? [], '');
  const isActionNegated = Action === undefined;
  const isResourceNegated = Resource === undefined;
  return {
    effect: Effect,
    applies: (action, resource, context) =>
      actions(action) !== isActionNegated &&
      resources(resource) !== isResourceNegated &&
      // Unknown operators count against the caller, whichever way the statement points.
      meets(Condition, context, Effect === 'Deny'),
  };
}

/** Matches any of the patterns, in which `*` stands for any characters and `?` for one. */
function wildcard(patterns: string | readonly string[], flags: string): (text: string) => boolean {
  const sources = [patterns].flat().map(pattern =>
    pattern
      .replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
      .replaceAll('*', '.*')
      .replaceAll('?', '.'),
  );
  if (sources.length === 0) return () => false;
  const expression = new RegExp(`^(?:${sources.join('|')})$`, `s${flags}`);
  return text => expression.test(text);
}

function meets(conditions: Conditions, context: ConditionContext, byUnknown: boolean): boolean {
  return Object.entries(conditions).every(([name, keys]) => {
    const isOptional = name.endsWith('IfExists');
    const operator = operators[isOptional ? name.slice(0, -'IfExists'.length) : name];
    if (!operator) return byUnknown;
    return Object.entries(keys).every(([key, expected]) => {
      const actual = context[key.toLowerCase()];
      if (actual === undefined && isOptional) return true;
      return operator(actual, [expected].flat().map(String));
    });
  });
}

type Operator = (actual: string | undefined, expected: readonly string[]) => boolean;

const equals: Operator = (actual, expected) => actual !== undefined && expected.includes(actual);
const like: Operator = (actual, expected) => actual !== undefined && wildcard(expected, '')(actual);
const not =
  (operator: Operator): Operator =>
  (actual, expected) =>
    !operator(actual, expected);

const operators: Readonly<Record<string, Operator>> = {
  StringEquals: equals,
  StringNotEquals: not(equals),
  StringEqualsIgnoreCase: (actual, expected) =>
    equals(
      actual?.toLowerCase(),
      expected.map(value => value.toLowerCase()),
    ),
  StringLike: like,
  StringNotLike: not(like),
  ArnEquals: like,
  ArnLike: like,
  ArnNotEquals: not(like),
  ArnNotLike: not(like),
  Bool: (actual, expected) => actual !== undefined && expected.includes(actual.toLowerCase()),
  Null: (actual, expected) => expected.includes(String(actual === undefined)),
};
