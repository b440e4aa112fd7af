import type { Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import type { Clock } from '../clock.ts';
import type { DatasetCache } from './dataset-cache.ts';
import type { TrainerCode } from './trainer-code.ts';

/** What the steps of an experiment work with. */
export interface TrainingServices {
  readonly objects: Objects;
  readonly registry: Table;
  readonly clock: Clock;
  readonly code: TrainerCode;
  readonly datasets: DatasetCache;
  /** The function that this runs on. */
  readonly lambda: { readonly memoryMb: number };
}
