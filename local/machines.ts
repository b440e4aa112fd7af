import type { Deployment } from './template/deployment.ts';

/** A state machine of a deployment. */
export interface DeployedMachine {
  readonly arn: string;
  readonly name: string;
  /** ASL as JSON text. */
  readonly definition: string;
  readonly roleArn: string;
}

/** Reads the state machines of a deployment, with what stands for the `${…}` of their definitions. */
export function readMachines(deployment: Deployment): DeployedMachine[] {
  return deployment.ofType('AWS::StepFunctions::StateMachine').map(({ id, properties }) => {
    const substitutions = (properties.DefinitionSubstitutions ?? {}) as Record<string, string>;
    const definition = String(properties.DefinitionString).replace(
      /\$\{(\w+)\}/g,
      (placeholder, name) => substitutions[name] ?? placeholder,
    );
    return { arn: id, name: id.slice(id.lastIndexOf(':') + 1), definition, roleArn: String(properties.RoleArn) };
  });
}
