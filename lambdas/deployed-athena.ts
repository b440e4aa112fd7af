import { environmentNames } from '../contracts/environment.ts';
import { type Athena, connectAthena } from '../platform/athena.ts';
import { requiredVariable } from '../platform/environment.ts';

/**
 * Connects to the deployment's workgroup and database, as infra's `lake.environment` names them.
 *
 * @throws {MissingVariableError}
 */
export function connectDeployedAthena(): Athena {
  return connectAthena({
    workgroup: requiredVariable(environmentNames.workgroup),
    database: requiredVariable(environmentNames.database),
  });
}
