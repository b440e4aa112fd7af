import { finishTree } from './finish-tree.ts';
import { HistogramSlots } from './histogram-slots.ts';
import { type Bounds, leafValue } from './leaf-value.ts';
import type { GrowOptions, Node, Seed } from './node.ts';
import { openRoot, openSeeds, type Scan } from './open-nodes.ts';
import type { Split } from './split.ts';
import type { Tree } from './tree.ts';
import type { Workspace } from './workspace.ts';
import { type Build, type Growth, writeBuilds, writeFeatures, writeSplits } from './write-tasks.ts';

/**
 * Grows one tree from the rows and derivatives in the workspace, whose root range is set. Afterwards each row's leaf, and the leaves' values, are there.
 *
 * @param drawn features that may be split, rising
 * @param scale what the derivatives were multiplied by before rounding, a power of two
 */
export function growTree(workspace: Workspace, drawn: Int32Array, scale: number, options: GrowOptions): Tree {
  const growth = startGrowth(workspace, drawn, scale, options);
  writeFeatures(growth);
  const nodes = [openRoot(growth)];
  let leaves = 1;
  for (let batch = nextBatch(growth, nodes, leaves); batch.length > 0; batch = nextBatch(growth, nodes, leaves)) {
    leaves += batch.length;
    nodes.push(...splitNodes(growth, batch, nodes.length, leaves < options.maxLeaves));
  }
  return finishTree(growth, nodes);
}

function startGrowth(workspace: Workspace, drawn: Int32Array, scale: number, options: GrowOptions): Growth {
  return {
    workspace,
    drawn,
    scale,
    options,
    scaled: {
      ...options,
      lambda: options.lambda * scale,
      alpha: options.alpha * scale,
      // A side without weight is no side.
      minChildWeight: Math.max(options.minChildWeight * scale, 1),
      categoryLambda: options.categoryLambda * scale,
      categorySmoothing: options.categorySmoothing * scale,
    },
    slots: new HistogramSlots(workspace.slots),
  };
}

/** Nodes to split next: of a level as many as one go takes, or the one that gains most, the first of equals. */
function nextBatch({ options, workspace }: Growth, nodes: readonly Node[], leaves: number): Node[] {
  const open = nodes.filter(({ split, children }) => split && !children);
  const room = options.maxLeaves - leaves;
  if (options.growth === 'depth-wise') return open.slice(0, Math.min(room, workspace.splitsAtOnce));
  const best = open.reduce<Node | undefined>(
    (first, node) => (first && first.gain >= node.gain ? first : node),
    undefined,
  );
  return best && room > 0 ? [best] : [];
}

/** Parts the nodes' rows, and opens the children. @param goesOn whether there is room for leaves of the children */
function splitNodes(growth: Growth, batch: readonly Node[], firstId: number, goesOn: boolean): Node[] {
  const seeds = batch.map((node, i) => makeChildren(growth, node, firstId + 2 * i));
  batch.forEach((node, i) => {
    node.children = [seeds[i]![0].id, seeds[i]![1].id];
  });
  const needed = new Set([...batch, ...seeds.flat()].map(({ id }) => id));
  const plans = batch.map((node, i) => planHistograms(growth, node, seeds[i]!, needed, goesOn));
  writeSplits(growth, batch);
  writeBuilds(
    growth,
    plans.flatMap(({ builds }) => builds),
  );
  growth.workspace.run('advance');
  const opened = openSeeds(
    growth,
    seeds.flat(),
    plans.flatMap(({ scans }) => scans),
  );
  for (const { id, split } of opened) if (!split) growth.slots.release(id);
  return opened;
}

function makeChildren({ scaled, options }: Growth, node: Node, firstId: number): [Seed, Seed] {
  const split = node.split!;
  const rightSums = {
    gradient: node.sums.gradient - split.left.gradient,
    hessian: node.sums.hessian - split.left.hessian,
  };
  const [leftBounds, rightBounds] = partBounds(node, split, options.directions[split.feature]!, [
    leafValue(split.left.gradient, split.left.hessian, scaled, node.bounds),
    leafValue(rightSums.gradient, rightSums.hessian, scaled, node.bounds),
  ]);
  const depth = node.depth + 1;
  return [
    { id: firstId, depth, sums: split.left, bounds: leftBounds },
    { id: firstId + 1, depth, sums: rightSums, bounds: rightBounds },
  ];
}

/** Either side of a split in a feature's direction keeps to its side of the middle between the two values, whatever happens below. */
function partBounds(
  { bounds }: Node,
  { levels }: Split,
  direction: number,
  [left, right]: readonly [number, number],
): [Bounds, Bounds] {
  if (direction === 0 || levels) return [bounds, bounds];
  const middle = (left + right) / 2;
  const below = { low: bounds.low, high: middle };
  const above = { low: middle, high: bounds.high };
  return direction > 0 ? [below, above] : [above, below];
}

/**
 * Which histograms to build for two children, and which to scan. The lighter child's is built; taken from the parent's it leaves the other's, in the
 * parent's place.
 */
function planHistograms(
  growth: Growth,
  parent: Node,
  children: readonly [Seed, Seed],
  needed: ReadonlySet<number>,
  goesOn: boolean,
): { builds: Build[]; scans: Scan[] } {
  const { slots } = growth;
  const scanned = goesOn ? children.filter(child => maySplit(growth, child)) : [];
  const parentSlot = slots.of(parent.id);
  const [left, right] = children;
  const [lighter, heavier] = left.sums.hessian <= right.sums.hessian ? [left, right] : [right, left];
  const builds: Build[] = [];
  if (parentSlot !== undefined && scanned.includes(heavier)) {
    slots.move(parent.id, heavier.id);
    builds.push({ node: lighter.id, slot: slots.take(lighter.id, needed), from: parentSlot });
  } else {
    slots.release(parent.id);
    for (const { id } of scanned) builds.push({ node: id, slot: slots.take(id, needed), from: undefined });
  }
  return { builds, scans: scanned.map(seed => ({ seed, slot: slots.of(seed.id)! })) };
}

function maySplit({ options, scaled }: Growth, { depth, sums }: Seed): boolean {
  return depth < options.maxDepth && sums.hessian >= 2 * scaled.minChildWeight;
}
