import { QueryError } from '../query-error.ts';
import { expectOnly, list } from './nodes.ts';
import { orderingTerm } from './ordering.ts';
import type { Node } from './parser.ts';

/** Translates an OVER clause. */
export function translateWindow(over: Node, translate: (expression: unknown) => string): string {
  expectOnly('window', over, ['partition_by', 'order_by', 'frame']);
  const partition = list(over.partition_by).map(translate);
  const order = list(over.order_by).map(term => orderingTerm(term, translate));
  const parts = [
    partition.length ? `PARTITION BY ${partition.join(', ')}` : '',
    order.length ? `ORDER BY ${order.join(', ')}` : '',
    over.frame ? translateFrame(over.frame as Node, translate) : '',
  ];
  return ` OVER (${parts.filter(Boolean).join(' ')})`;
}

function translateFrame(frame: Node, translate: (expression: unknown) => string): string {
  expectOnly('window frame', frame, ['kind', 'start', 'end']);
  const kinds: Readonly<Record<string, string>> = { Rows: 'ROWS', Range: 'RANGE', Groups: 'GROUPS' };
  const kind = kinds[String(frame.kind)];
  if (!kind) throw new QueryError('NOT_SUPPORTED', `window frame ${frame.kind}`);
  return frame.end
    ? `${kind} BETWEEN ${translateBound(frame.start, translate)} AND ${translateBound(frame.end, translate)}`
    : `${kind} ${translateBound(frame.start, translate)}`;
}

const fixedBounds: Readonly<Record<string, string>> = {
  UnboundedPreceding: 'UNBOUNDED PRECEDING',
  UnboundedFollowing: 'UNBOUNDED FOLLOWING',
  CurrentRow: 'CURRENT ROW',
};

function translateBound(bound: unknown, translate: (expression: unknown) => string): string {
  const fixed = typeof bound === 'string' ? fixedBounds[bound] : undefined;
  if (fixed) return fixed;
  const { Preceding, Following } = bound as { Preceding?: unknown; Following?: unknown };
  if (Preceding) return `${translate(Preceding)} PRECEDING`;
  if (Following) return `${translate(Following)} FOLLOWING`;
  throw new QueryError('NOT_SUPPORTED', `window frame bound ${JSON.stringify(bound)}`);
}
