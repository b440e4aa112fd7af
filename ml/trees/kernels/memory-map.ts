/**
 * Words at the beginning of the memory that kernels share, by address. Each kernel finds its arrays through them, so a compiled kernel fits any number
 * of rows. What several threads change has a cache line of its own.
 */
export const words = {
  /** Parts of the running command that no thread has claimed. */
  remaining: 64,
  /** Parts done. */
  done: 128,
  /** Changes when there is something new to claim, or nothing ever again. */
  signal: 192,
  stop: 196,
  command: 256,

  rowCount: 320,
  /** Groups of rows, each with its own part of `order`. */
  groups: 324,
  /** Bins, row-major, a multiple of 16 bytes a row. */
  rowBins: 328,
  /** Bins, column-major, `rowCount` bytes a feature. */
  columnBins: 332,
  /** Rows in the order of the nodes, by group; int32. */
  order: 336,
  /** As large as `order`: rows on their way to the right. */
  aside: 340,
  /** Quantized derivatives of each row: gradient · 2¹⁶ + hessian, int32. */
  derivatives: 344,
  /** p − y of each row, float32. */
  residuals: 348,
  /** Sum of base score and trees of each row, float64. */
  margins: 352,
  labels: 356,
  /** Leaf that each row is in, uint16. */
  leafOf: 360,
  /** Value of each leaf, float64. */
  leafValues: 364,
  /** Sums over each leaf and group: gradient, hessian; int64 in units of `sumUnit`. */
  leafSums: 368,
  /** Node of each leaf, int32. */
  leaves: 372,
  leafCount: 376,
  /** Where each node's rows are, by group: `rangeBytes` each. */
  ranges: 380,
  splits: 384,
  splitCount: 388,
  /** Of each split, 4 for the bins that go left and 0 for the others; 256 bytes. */
  sides: 392,
  builds: 396,
  buildCount: 400,
  /** Histograms that groups other than the first build, until they are added to the first's. */
  partials: 404,
  /** Rows gathered for a histogram, by group. */
  gathered: 408,
  scans: 412,
  scanCount: 416,
  results: 420,
  features: 424,
  featureCount: 428,
  /** Slices of features that threads merge and scan: the first feature of each, then the end; int32. */
  slices: 432,
  /** Values of one feature on their way to bins, float32. */
  values: 436,
  /** Cuts of that feature, 256 float32, +∞ after the last. */
  cuts: 440,
  /** Which feature that is, and its bin of missing values. */
  binned: 444,
  missing: 448,
  /** Rows of a part of the commands that go through all rows in order. */
  chunkRows: 452,
  /** Bytes of a histogram. */
  histogramBytes: 456,

  /** Doubles, in units of the quantized derivatives. */
  lambda: 512,
  alpha: 520,
  minChildWeight: 528,
  /** By label: the sign of the margin at which the label is likely, weight, weight · scale. */
  classes: 544,

  /** Of a forest: memory of the trees that grow at once, `regionBytes` each; below, where things are in it. */
  regions: 640,
  regionBytes: 644,
  /** Drawn rows in the order of the nodes, int32, and what each adds to a cell, int64. */
  drawnRows: 648,
  drawnCounts: 652,
  /** Rows and counts on their way to the right. */
  asideRows: 656,
  asideCounts: 660,
  /** How often each row was drawn, a byte. */
  bag: 664,
  /** Cells of one feature's bins, int64; which of them are in use, a bit each. */
  cells: 668,
  touched: 672,
  /** Those in use, side by side: bins, int32, and cells, int64. */
  denseBins: 676,
  denseCells: 680,
  /** Features in a random order, int32. */
  permutation: 684,
  nodes: 688,
  /** Bin of missing values of each feature, int32; of the whole forest, as are the following. */
  missingBins: 692,
  /** Trees that have voted on each row, int32, and the sum of their votes, float64. */
  voters: 696,
  votes: 700,
  /** Trees that grow at once. */
  treesAtOnce: 704,
  featuresTried: 708,
  maxDepth: 712,
  minSamplesSplit: 716,
  minSamplesLeaf: 720,
  minImpurityDecrease: 728,
  positiveWeight: 736,
  negativeWeight: 744,

  end: 768,
} as const;

/** A node's rows in one group: where the fitted ones begin and end in `order`, then the others; int32. */
export const rangeBytes = 16;
/** A split: node, left child, right child, address of the feature's bins; int32. */
export const splitBytes = 16;
/** A histogram to build: node, address, address of the histogram to take it from or 0; int32. */
export const buildBytes = 16;
/** A node to scan: histogram's address, int32; at 8 its total; at 16 and 24 the least and the greatest leaf value, float64. */
export const scanBytes = 32;
/** A feature: offset in a histogram, number of cuts, offset of the missing values' cell, whether to scan it, direction; int32. */
export const featureBytes = 32;
/** The best split of a node by a feature: score, float64; at 8 the left side's sums; at 16 bin, and at 20 whether missing values go left, int32. */
export const resultBytes = 32;
/** A class: sign, weight, weight · scale; float64. */
export const classBytes = 24;
/** Rows go to groups in blocks of so many, so that all groups have rows of all times. */
export const blockRows = 8192;
/** Rows that are gathered at once. */
export const gatheredRows = 512;
/** Leaf sums count in units of 2⁻³⁶, which leaves room for 2²⁷ rows. */
export const sumUnit = 68719476736;

/** Numbers of the commands that threads share. */
export const commands = { assign: 0, advance: 1, evaluate: 2, renew: 3, update: 4, order: 5 } as const;

/**
 * A node of a forest's tree: at 0 and 4 where its rows begin and end, at 8 its cell, at 16 feature (−1: leaf), bin, whether missing values go left, left
 * child, at 32 decrease of impurity, at 40 the left side's cell, at 48 depth, at 56 share of positives.
 */
export const nodeBytes = 64;
/** A cell of a forest: rows, then draws from bit 21, then draws of positives from bit 42. */
export const cellBits = 21;
/** At the beginning of a region: drawn rows, state of the random numbers, nodes; int32. */
export const regionHeaderBytes = 64;
/** Numbers of a forest's commands. */
export const forestCommands = { assign: 0, grow: 1, vote: 2 } as const;
