/** CloudWatch metrics that code puts and infra watches. */

/** Namespace and service dimension of every metric of this app. */
export const metricsOwner = { namespace: 'Perennial', service: 'perennial' } as const;

/** Requests for predictions that failed for a reason of ours, of all use cases together. */
export const faultsMetric = 'Faults';
