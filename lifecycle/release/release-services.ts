import type { Events } from '../../platform/events.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import type { Workflows } from '../../platform/workflows.ts';
import type { Clock } from '../clock.ts';

/** What moving traffic needs. */
export interface ReleaseServices {
  readonly registry: Table;
  readonly objects: Objects;
  readonly workflows: Workflows;
  readonly events: Events;
  readonly clock: Clock;
}
