// Fits boosted trees once, in a process of its own, and prints the time and the highest memory use: `fit-once.ts ROWS THREADS`.
import { speedCandidate } from './speed.ts';
import { makeUpRows } from './synthetic-rows.ts';
import { timeFit } from './time-fit.ts';

const [rowCount, threadCount] = process.argv.slice(2).map(Number) as [number, number];
const data = makeUpRows(rowCount);
const rows = Int32Array.from({ length: rowCount }, (_, row) => row);
const { seconds } = await timeFit(speedCandidate, data, rows, threadCount);
console.log(JSON.stringify({ seconds, peakMegabytes: process.resourceUsage().maxRSS / 1024 }));
