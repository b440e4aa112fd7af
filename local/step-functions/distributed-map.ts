import { longestTimerSeconds } from '../timers.ts';
import type { State } from './prepare-definition.ts';

/** Name under which the context object holds the items that were read, a list for each distributed Map. */
export const itemsInContext = 'Items';

/** Whether each item of a Map state is an execution of its own in AWS. */
export function isDistributed({ ItemProcessor }: State): boolean {
  const { ProcessorConfig } = (ItemProcessor ?? {}) as { ProcessorConfig?: { Mode?: string } };
  return ProcessorConfig?.Mode === 'DISTRIBUTED';
}

/** Says what a distributed Map has that can't be run here, or would mean something else than in AWS. */
export function findUnsupported(map: State): string | undefined {
  const { Resource, ReaderConfig } = (map.ItemReader ?? {}) as { Resource?: string; ReaderConfig?: object };
  if (Resource !== reader.resource || JSON.stringify(ReaderConfig) !== reader.config) {
    return `reads its items by ${JSON.stringify(map.ItemReader)}, expected ${reader.resource} with ${reader.config}`;
  }
  const isTolerant = Object.keys(map).some(field => field.startsWith('ToleratedFailure') && map[field] !== 0);
  if (isTolerant) return 'tolerates failures, expected none';
  if (map.ResultPath !== null) return 'keeps the results of its items, expected "ResultPath": null';
  if (/\$\$\.(\w*Execution|Map)\b/.test(JSON.stringify(map.ItemProcessor))) {
    return 'has items that read $$.Execution or $$.Map, which in AWS are those of their own execution';
  }
  return undefined;
}

const reader = { resource: 'arn:aws:states:::s3:getObject', config: '{"InputType":"JSON"}' };

/** The states that stand for a distributed Map. */
export interface PlainMap {
  /** Name of the task that reads the items: its input says from where. */
  readonly reader: string;
  readonly state: object;
}

/**
 * Makes what runs in place of a distributed Map: a task that reads its items, and a plain Map over them in the same execution. Both are in one branch, so that
 * the state's own Retry and Catch are about both. Whatever an item fails by, the state fails as a distributed Map does.
 *
 * @param map with its processor prepared
 * @param index of its items among those of all distributed Maps
 */
export function toPlainMap(name: string, map: State, index: number): PlainMap {
  const [read, each, failed] = [`${name}: read`, `${name}: each`, `${name}: failed`];
  const { ItemReader, ItemSelector, ItemProcessor, MaxConcurrency } = map;
  const branch = {
    StartAt: read,
    States: {
      [read]: {
        ...{ Type: 'Task', Parameters: (ItemReader as { Parameters: object }).Parameters, ResultPath: null },
        ...{ TimeoutSeconds: longestTimerSeconds, Next: each },
      },
      [each]: {
        ...{ Type: 'Map', ItemsPath: `$$.${itemsInContext}[${index}]`, ItemSelector, ItemProcessor, MaxConcurrency },
        Catch: [{ ErrorEquals: ['States.ALL'], Next: failed }],
        End: true,
      },
      [failed]: {
        ...{ Type: 'Fail', Error: 'States.ExceedToleratedFailureThreshold' },
        Cause: 'The specified tolerated failure threshold was exceeded',
      },
    },
  };
  return { reader: read, state: { Type: 'Parallel', Branches: [branch] } };
}
