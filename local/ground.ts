import type { Clock } from '../lifecycle/clock.ts';
import type { Callers } from './callers.ts';
import type { ResponseBox } from './custom-resources.ts';
import type { HttpService } from './gateway/http-service.ts';
import type { Iam } from './iam/iam.ts';
import type { S3 } from './s3/s3.ts';
import type { JsonService } from './service.ts';
import type { Deployment } from './template/deployment.ts';

/** What the cloud is started with. */
export interface CloudOptions {
  /** Folder of the cloud assembly, as `cdk synth` writes it. */
  readonly assembly: string;
  /** Folder in which everything lies that outlives the process. */
  readonly stateFolder: string;
  /** Port of the AWS services; 0: any free one. */
  readonly awsPort: number;
  /** Port of the HTTP API; 0: any free one. */
  readonly apiPort: number;
  /** Told of each step as it begins. @default - nobody is */
  readonly onStep?: (step: string) => void;
}

/** Takes what is to be done at the end; the last is done first. */
export type OnStop = (end: () => unknown) => void;

/** What the parts of the cloud need of each other. */
export interface Ground extends Omit<CloudOptions, 'onStep'> {
  readonly deployment: Deployment;
  readonly iam: Iam;
  readonly clock: Clock;
  /** The clock's variables, for the functions. */
  readonly clockVariables: Readonly<Record<string, string>>;
  readonly callers: Callers;
  readonly box: ResponseBox;
  readonly onStop: OnStop;
}

/** The port on which the services answer. */
export interface Front {
  readonly endpoint: string;
  readonly s3: S3;
  /** Takes more services while the front runs. */
  readonly services: Record<string, JsonService>;
  readonly others: Record<string, HttpService>;
}
