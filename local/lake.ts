import type { Clock } from '../lifecycle/clock.ts';
import { createAthena, type Workgroup } from './athena/athena.ts';
import { createGlue } from './athena/glue.ts';
import type { JsonService } from './service.ts';
import type { Deployment, Resource } from './template/deployment.ts';

export interface LakeOptions {
  readonly deployment: Deployment;
  readonly stateFolder: string;
  readonly s3Root: string;
  readonly clock: Clock;
}

/** Opens Athena and Glue with the workgroups and databases of the deployment. Athena's engine loads in the background. */
export async function startLake({
  deployment,
  stateFolder,
  s3Root,
  clock,
}: LakeOptions): Promise<{ athena: JsonService; glue: JsonService }> {
  const databases = deployment.ofType('AWS::Glue::Database').map(({ id }) => id);
  const workgroups = deployment.ofType('AWS::Athena::WorkGroup').map(readWorkgroup);
  const athena = createAthena({ s3Root, stateFolder, databases, workgroups, clock });
  // A failure to load is told to whoever asks the first query.
  if (workgroups.length > 0) athena.warm().catch(() => undefined);
  return { athena, glue: createGlue({ s3Root, stateFolder, databases }) };
}

function readWorkgroup({ id, properties }: Resource): Workgroup {
  const { ResultConfiguration, BytesScannedCutoffPerQuery } = properties.WorkGroupConfiguration as {
    ResultConfiguration: { OutputLocation: string };
    BytesScannedCutoffPerQuery?: number | string;
  };
  return {
    name: id,
    outputLocation: ResultConfiguration.OutputLocation,
    bytesScannedCutoff: BytesScannedCutoffPerQuery === undefined ? undefined : Number(BytesScannedCutoffPerQuery),
  };
}
