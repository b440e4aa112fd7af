import type { Clock } from '../lifecycle/clock.ts';
import { type JsonService, ServiceError } from './service.ts';
import type { Deployment } from './template/deployment.ts';

export interface LakeOptions {
  readonly deployment: Deployment;
  readonly stateFolder: string;
  readonly s3Root: string;
  readonly clock: Clock;
}

/** Opens Athena and Glue with the workgroups and databases of the deployment. */
export async function startLake(_: LakeOptions): Promise<{ athena: JsonService; glue: JsonService }> {
  const missing: JsonService = {
    handle: async action => {
      throw new ServiceError('UnknownOperationException', `The embedded cloud does not know ${action} yet`);
    },
    stop: async () => {},
  };
  return { athena: missing, glue: missing };
}
