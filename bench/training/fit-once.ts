// Fits boosted trees once, in a process of its own, and prints the time and the highest memory use: `fit-once.ts ROWS THREADS`.
import { openThreads } from '../../lifecycle/training/threads.ts';
import { fitGradientBoosting } from '../../ml/gradient-boosting/gradient-boosting.ts';
import { makeUpRows } from './synthetic-rows.ts';

const [rowCount, threadCount] = process.argv.slice(2).map(Number) as [number, number];
const data = makeUpRows(rowCount);
const rows = Int32Array.from({ length: rowCount }, (_, row) => row);
const threads = openThreads(threadCount);
const start = performance.now();
fitGradientBoosting({ trees: 100, maxDepth: 6, learningRate: 0.1 }, data, rows, 1, { threads });
const seconds = (performance.now() - start) / 1000;
console.log(JSON.stringify({ seconds, peakMegabytes: process.resourceUsage().maxRSS / 1024 }));
await threads.close();
