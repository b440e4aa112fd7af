import { type Caller, localAccount, ServiceError } from '../service.ts';
import type { Deployment } from '../template/deployment.ts';
import { TemplateError } from '../template/intrinsics.ts';
import { managedPolicies } from './managed-policies.ts';
import { type ConditionContext, compilePolicies, type Evaluate, type PolicyDocument } from './policy.ts';

/** Who may do what: the roles of a deployment, and its administrator. */
export interface Iam {
  /**
   * The role's holder as a caller.
   *
   * @param session name under which the role is assumed: for a Lambda, its function's name
   * @throws {TemplateError} when the deployment has no such role
   */
  assume(roleArn: string, session: string): Caller;
}

/** Who may do everything: the owner of the machine. */
export const administrator: Caller = { principal: `arn:aws:iam::${localAccount}:root`, require: () => {} };

/** Verdicts remembered per role; keys of objects are without number, so there is an end to it. */
const memoryLimit = 10_000;

/**
 * Reads the roles of a deployment with their policies. Resource-based policies are not evaluated: this cloud has one account, whose own
 * identities need an allowance of their own, and the denials of the bucket's policy ask for TLS, which loopback has not.
 *
 * @throws {TemplateError} on an AWS managed policy that is not known here
 */
export function readIam(deployment: Deployment): Iam {
  const evaluations = new Map<string, Evaluate>();
  const policies = ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']
    .flatMap(type => deployment.ofType(type))
    .map(({ properties }) => properties);
  for (const role of deployment.ofType('AWS::IAM::Role')) {
    const { id, logicalId, properties } = role;
    const documents = [
      ...inlinePolicies(properties),
      ...attachedPolicies(policies, id),
      ...managedPolicyDocuments(deployment, properties, logicalId),
    ];
    evaluations.set(role.attribute('Arn') as string, remembered(compilePolicies(documents)));
  }
  return {
    assume(roleArn, session) {
      const evaluate = evaluations.get(roleArn);
      if (!evaluate) throw new TemplateError(`No stack has the role ${roleArn}`);
      const role = roleArn.slice(roleArn.lastIndexOf('/') + 1);
      return callerOf(`arn:aws:sts::${localAccount}:assumed-role/${role}/${session}`, evaluate);
    },
  };
}

function callerOf(principal: string, evaluate: Evaluate): Caller {
  return {
    principal,
    require(action, resource, context) {
      const verdict = evaluate(action, resource, context);
      if (verdict === 'allowed') return;
      const reason =
        verdict === 'not allowed'
          ? `because no identity-based policy allows the ${action} action`
          : 'with an explicit deny in an identity-based policy';
      const message = `User: ${principal} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
      throw action.startsWith('s3:')
        ? new ServiceError('AccessDenied', message, 403)
        : new ServiceError('AccessDeniedException', message);
    },
  };
}

function remembered(evaluate: Evaluate): Evaluate {
  const verdicts = new Map<string, ReturnType<Evaluate>>();
  return (action, resource, context?: ConditionContext) => {
    if (context) return evaluate(action, resource, context);
    const key = `${action} ${resource}`;
    const known = verdicts.get(key);
    if (known) return known;
    if (verdicts.size >= memoryLimit) verdicts.clear();
    const verdict = evaluate(action, resource);
    verdicts.set(key, verdict);
    return verdict;
  };
}

type Properties = Readonly<Record<string, unknown>>;

function inlinePolicies({ Policies = [] }: Properties): PolicyDocument[] {
  return (Policies as { PolicyDocument: PolicyDocument }[]).map(({ PolicyDocument }) => PolicyDocument);
}

/** Policies that name the role. */
function attachedPolicies(policies: readonly Properties[], roleName: string): PolicyDocument[] {
  return policies
    .filter(({ Roles = [] }) => (Roles as string[]).includes(roleName))
    .map(({ PolicyDocument }) => PolicyDocument as PolicyDocument);
}

/** Policies that the role names. */
function managedPolicyDocuments(
  deployment: Deployment,
  { ManagedPolicyArns = [] }: Properties,
  role: string,
): PolicyDocument[] {
  return (ManagedPolicyArns as string[]).map(arn => {
    const own = deployment.ofType('AWS::IAM::ManagedPolicy').find(({ id }) => id === arn);
    const document = own
      ? (own.properties.PolicyDocument as PolicyDocument)
      : managedPolicies[arn.replace(/^.*:policy\//, '')];
    if (!document)
      throw new TemplateError(`Role "${role}" has the managed policy ${arn}, which the embedded cloud does not know`);
    return document;
  });
}
