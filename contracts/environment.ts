/** The environment variables that infra sets and code reads, named once. */
export const environmentNames = {
  /** The one bucket: landing files, lake, datasets, models. */
  bucket: 'BUCKET',
  registryTable: 'REGISTRY_TABLE',
  predictionsTable: 'PREDICTIONS_TABLE',
  /** Glue database that holds the Iceberg tables. */
  database: 'GLUE_DATABASE',
  workgroup: 'ATHENA_WORKGROUP',
  /** Comma-separated ids of the deployed use cases. */
  useCases: 'USE_CASES',
  /** What names the deployed code, for people. */
  build: 'BUILD',
  /** `true` where synthetic batches may be made. */
  demo: 'DEMO',
  /** ARN prefix of the state machines of this deployment: `arn:…:stateMachine:Perennial-`. */
  stateMachinePrefix: 'STATE_MACHINE_PREFIX',
  /** Name of the EventBridge bus that is told of every change. */
  eventBus: 'EVENT_BUS',
  /** How many seconds of domain time pass in a second of real time; only the embedded cloud sets it. */
  clockSpeed: 'CLOCK_SPEED',
  /** The real instant, in epoch milliseconds, from which the domain clock runs at `CLOCK_SPEED`. */
  clockOrigin: 'CLOCK_ORIGIN',
} as const;
