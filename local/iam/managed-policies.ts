import type { PolicyDocument } from './policy.ts';

const allow = (...Action: string[]): PolicyDocument => ({ Statement: { Effect: 'Allow', Action, Resource: '*' } });

/** What AWS's own policies allow, by their path after `policy/`. */
export const managedPolicies: Readonly<Record<string, PolicyDocument>> = {
  'service-role/AWSLambdaBasicExecutionRole': allow('logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'),
  AWSXRayDaemonWriteAccess: allow('xray:PutTraceSegments', 'xray:PutTelemetryRecords'),
};
