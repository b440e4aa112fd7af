import {
  downstreamOf,
  type Lineage,
  lineageKinds,
  lineageNode,
  mergeLineages,
  upstreamOf,
} from '../../../lifecycle/lineage/lineage.ts';
import { writeMermaid } from '../../../lifecycle/lineage/write-mermaid.ts';

const [a, b] = [lineageNode('file', 'landing/x/"a".csv', '3 rows'), lineageNode('file', 'landing/x/b.csv', '')];
const [one, two] = [lineageNode('batch', 1, ''), lineageNode('batch', 2, '')];
const dataset = lineageNode('dataset', 'd'.repeat(64), '');
const edge = (from: { id: string }, to: { id: string }) => ({ from: from.id, to: to.id });
const whole: Lineage = mergeLineages('x', [
  { nodes: [dataset, one, a], edges: [edge(a, one), edge(one, dataset)] },
  { nodes: [b, two, dataset], edges: [edge(b, two), edge(two, dataset)] },
  { nodes: [one], edges: [edge(a, one)] },
]);

test('merged lineages share what they have in common, in the order in which one comes from the other', () => {
  expect(whole.nodes.map(({ id }) => id)).toEqual([a, b, one, two, dataset].map(({ id }) => id));
  expect(whole.edges).toHaveLength(4);
  expect(new Set(lineageKinds).size).toBe(lineageKinds.length);
});

test('upstream is what something was made from, downstream what was made from it', () => {
  expect(upstreamOf(whole, one.id)).toEqual({ useCase: 'x', nodes: [a, one], edges: [edge(a, one)] });
  expect(downstreamOf(whole, b.id).nodes).toEqual([b, two, dataset]);
  expect(upstreamOf(whole, a.id)).toEqual({ useCase: 'x', nodes: [a], edges: [] });
});

test('a Mermaid flowchart names files and hashes shortly, and quotes what Mermaid would read', () => {
  expect(writeMermaid(upstreamOf(whole, one.id))).toBe(
    ['flowchart LR', '  n0["file<br/>#34;a#34;.csv"]', '  n1["batch<br/>1"]', '  n0 --> n1'].join('\n'),
  );
  expect(writeMermaid(whole)).toContain('["dataset<br/>dddddddddddd"]');
});
