/** What a lineage is made of, in the order in which one comes from the other. */
export const lineageKinds = [
  'file',
  'batch',
  'snapshot',
  'dataset',
  'experiment',
  'program',
  'run',
  'version',
  'release',
  'report',
  'predictions',
  'prediction',
] as const;

export type LineageKind = (typeof lineageKinds)[number];

/** One thing on the way from a file to a prediction. */
export interface LineageNode {
  /** `<kind>:<name>` */
  readonly id: string;
  readonly kind: LineageKind;
  /** What the records call it. */
  readonly name: string;
  /** What is to be known of it, in words. */
  readonly detail: string;
}

/** `to` was made from `from`. Both are ids of nodes. */
export interface LineageEdge {
  readonly from: string;
  readonly to: string;
}

/** Where something comes from and where it went: a graph without cycles. Nodes are in the order of `lineageKinds`. */
export interface Lineage {
  readonly useCase: string;
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly LineageEdge[];
}

/** Makes a node. */
export function lineageNode(kind: LineageKind, name: string | number, detail: string): LineageNode {
  return { id: `${kind}:${name}`, kind, name: String(name), detail };
}

/** One lineage of several: what they share is in it once. */
export function mergeLineages(useCase: string, lineages: readonly Pick<Lineage, 'nodes' | 'edges'>[]): Lineage {
  const nodes = new Map(lineages.flatMap(lineage => lineage.nodes.map(node => [node.id, node])));
  const edges = new Map(lineages.flatMap(lineage => lineage.edges.map(edge => [`${edge.from} ${edge.to}`, edge])));
  return {
    useCase,
    nodes: [...nodes.values()].sort((a, b) => lineageKinds.indexOf(a.kind) - lineageKinds.indexOf(b.kind)),
    edges: [...edges.values()],
  };
}

/** What a node was made from, directly or not, and the node itself. */
export function upstreamOf({ useCase, nodes, edges }: Lineage, id: string): Lineage {
  return restrict(
    { useCase, nodes, edges },
    reach(id, edges, ({ from, to }) => [to, from]),
  );
}

/** What was made from a node, directly or not, and the node itself. */
export function downstreamOf({ useCase, nodes, edges }: Lineage, id: string): Lineage {
  return restrict(
    { useCase, nodes, edges },
    reach(id, edges, ({ from, to }) => [from, to]),
  );
}

function reach(
  start: string,
  edges: readonly LineageEdge[],
  direct: (edge: LineageEdge) => readonly [at: string, next: string],
): ReadonlySet<string> {
  const reached = new Set([start]);
  // A set is walked through to what was added on the way.
  for (const id of reached) {
    for (const edge of edges) {
      const [at, next] = direct(edge);
      if (at === id) reached.add(next);
    }
  }
  return reached;
}

function restrict({ useCase, nodes, edges }: Lineage, kept: ReadonlySet<string>): Lineage {
  return {
    useCase,
    nodes: nodes.filter(({ id }) => kept.has(id)),
    edges: edges.filter(({ from, to }) => kept.has(from) && kept.has(to)),
  };
}
