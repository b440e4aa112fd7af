import type { LambdaFunction } from './lambda/lambda.ts';
import { createAccessKey } from './state-folder.ts';
import type { Deployment, Resource } from './template/deployment.ts';
import { TemplateError } from './template/intrinsics.ts';

/**
 * Reads the functions of a deployment.
 *
 * @param answering ARNs of those that people wait for
 * @throws {TemplateError} when the code of one is not in the assembly
 */
export function readFunctions(
  deployment: Deployment,
  answering: ReadonlySet<string>,
): readonly (LambdaFunction & Role)[] {
  const functions = deployment.ofType('AWS::Lambda::Function');
  const labels = functions.map(labelOf);
  return functions.map((resource, index) => {
    const label = labels[index]!;
    const isAmbiguous = labels.indexOf(label) !== labels.lastIndexOf(label);
    return readFunction(deployment, resource, isAmbiguous ? resource.logicalId : label, answering);
  });
}

interface Role {
  readonly roleArn: string;
}

interface FunctionProperties {
  readonly Code: { readonly S3Key?: string };
  readonly Handler: string;
  readonly Role: string;
  readonly MemorySize?: number;
  readonly Timeout?: number;
  readonly Environment?: { readonly Variables?: Readonly<Record<string, string>> };
  readonly LoggingConfig?: { readonly LogGroup?: string };
}

function readFunction(
  deployment: Deployment,
  resource: Resource,
  label: string,
  answering: ReadonlySet<string>,
): LambdaFunction & Role {
  const properties = resource.properties as unknown as FunctionProperties;
  const arn = String(resource.attribute('Arn'));
  return {
    label,
    arn,
    name: resource.id,
    roleArn: properties.Role,
    codeFolder: codeFolder(deployment, resource, properties.Code.S3Key),
    handler: properties.Handler,
    memorySizeMb: Number(properties.MemorySize ?? 128),
    timeoutSeconds: Number(properties.Timeout ?? 3),
    variables: Object.fromEntries(
      Object.entries(properties.Environment?.Variables ?? {}).map(([name, value]) => [name, String(value)]),
    ),
    credentials: createAccessKey(),
    logGroup: properties.LoggingConfig?.LogGroup ?? `/aws/lambda/${resource.id}`,
    keepsOne: answering.has(arn),
  };
}

function codeFolder(deployment: Deployment, { stackName, logicalId }: Resource, key = ''): string {
  const folder = deployment.stacks.find(({ name }) => name === stackName)!.assets.get(key);
  if (folder) return folder;
  throw new TemplateError(`The code of function "${logicalId}" (${key || 'inline'}) is not in the cloud assembly`);
}

/** The construct's own name: `Perennial/Lifecycle/Ingest/Resource` is `Ingest`. */
function labelOf({ path, logicalId }: Resource): string {
  return path.split('/').at(-2) ?? logicalId;
}
