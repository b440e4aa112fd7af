import { lifecycleRoutes } from './lifecycle.ts';
import { monitoringRoutes } from './monitoring.ts';
import { observationRoutes } from './observations.ts';
import { openInferenceRoutes } from './open-inference.ts';
import { outcomeRoutes } from './outcomes.ts';
import { predictionRoutes } from './predictions.ts';
import { registryRoutes } from './registry.ts';
import { releaseRoutes } from './releases.ts';
import type { Routes } from './route.ts';
import { healthRoutes, useCaseRoutes } from './use-cases.ts';

/** Every route of the HTTP API. A test holds that these are the deployed ones. */
export const allRoutes: Routes = {
  ...predictionRoutes,
  ...outcomeRoutes,
  ...observationRoutes,
  ...useCaseRoutes,
  ...registryRoutes,
  ...lifecycleRoutes,
  ...releaseRoutes,
  ...monitoringRoutes,
  ...openInferenceRoutes,
  ...healthRoutes,
};
