import type { Key } from '../../platform/table.ts';

/** What the registry table holds: one partition per use case and noun. */
export type RegistryNoun =
  | 'batch'
  | 'lease'
  | 'dataset'
  | 'experiment'
  | 'experiment-order'
  | 'run'
  | 'run-order'
  | 'version'
  | 'version-notes'
  | 'ledger'
  | 'execution'
  | 'release'
  | 'archive'
  | 'report'
  | 'monitor-decision'
  | 'scoring';

/** Partition key of a use case's items of one kind: `bank-marketing#version`. */
export function partition(useCase: string, noun: RegistryNoun): string {
  return `${useCase}#${noun}`;
}

/** Sort key of a numbered item; its order is the number's. */
export function sequenceKey(number: number): string {
  return String(number).padStart(10, '0');
}

/** What an item is without its key. */
export type WithoutKey<Item extends Key> = Item extends unknown ? Omit<Item, keyof Key> : never;

/** Takes its key off an item. */
export function withoutKey<Item extends Key>({ pk, sk, ...rest }: Item): WithoutKey<Item> {
  return rest as WithoutKey<Item>;
}
