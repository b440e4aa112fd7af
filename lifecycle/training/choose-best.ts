import { type Metric, type MetricName, metrics } from '../../ml/metrics/metrics.ts';
import type { Candidate } from '../../ml/model.ts';
import { chooseTrial, type TrialChoice } from '../../ml/selection/choose-trial.ts';
import type { Selection, TrialVerdict } from '../registry/experiments.ts';
import type { Run, TrackedRun } from '../registry/runs.ts';

/**
 * Chooses the trial whose model is made: the simplest one that is no worse than the best by more than one standard error, by the mean of a metric over
 * the folds. One that does not beat the base rate is never chosen: by the metric itself, and by log loss, in which alone no constant answer is better
 * than the share of positives.
 *
 * @param runs of one experiment, at least one of them finished
 */
export function chooseBest(
  runs: readonly TrackedRun[],
  metric: MetricName,
): Pick<Selection, 'runId' | 'reason' | 'verdicts'> {
  const finished = runs.filter(run => run.status === 'finished');
  const sensible = finished.filter(run => beats(run, 'log_loss') && beats(run, metric));
  const choice = sensible.length > 0 ? choose(sensible, metric) : undefined;
  const verdicts = runs.map(run => describe(run, metric, sensible, choice));
  if (!choice) return { runId: null, reason: `none of ${finished.length} trials beats the base rate`, verdicts };
  return { runId: sensible[choice.chosen]!.runId, reason: explain(sensible, choice, metric), verdicts };
}

function choose(runs: readonly Run[], metric: MetricName): TrialChoice | undefined {
  return chooseTrial({
    trials: runs.map(({ parameters, foldMetrics }) => ({
      algorithm: parameters.algorithm,
      leaves: countLeaves(parameters),
      foldValues: foldMetrics[metric].folds,
    })),
    higherIsBetter: metrics[metric].higherIsBetter,
    baseRate: baseRates(runs[0]!, metric),
  });
}

function beats(run: Run, name: MetricName): boolean {
  const { higherIsBetter } = metrics[name];
  const rates = baseRates(run, name);
  const better = run.foldMetrics[name].mean - rates.reduce((sum, rate) => sum + rate, 0) / rates.length;
  return higherIsBetter ? better > 0 : better < 0;
}

/** What the base rate reaches on each fold. */
function baseRates({ foldRows }: Run, name: MetricName): number[] {
  const { baseRate }: Metric = metrics[name];
  return foldRows.map(({ rows, positives }) => baseRate(positives / rows)!);
}

/** Leaves that all trees together may have; 0 without trees. */
function countLeaves(parameters: Candidate): number {
  const { trees = 0, maxDepth = deep, maxLeaves = 1 << deep } = parameters as TreeParameters;
  return trees * Math.min(maxLeaves, 1 << Math.min(maxDepth, deep));
}

interface TreeParameters {
  readonly trees?: number;
  readonly maxDepth?: number;
  readonly maxLeaves?: number;
}

/** Depth from which on leaves are no longer told apart. */
const deep = 16;

function describe(
  run: TrackedRun,
  metric: MetricName,
  sensible: readonly Run[],
  choice: TrialChoice | undefined,
): TrialVerdict {
  const { runId, status } = run;
  const comparison = choice?.comparisons[sensible.indexOf(run as Run)];
  return {
    runId,
    status,
    mean: run.status === 'finished' ? run.foldMetrics[metric].mean : null,
    beatsBaseRate: sensible.includes(run as Run),
    shortfall: comparison?.shortfall ?? null,
    standardError: comparison?.standardError ?? null,
  };
}

function explain(runs: readonly Run[], { chosen, best, comparisons }: TrialChoice, metric: MetricName): string {
  const mean = (index: number) => runs[index]!.foldMetrics[metric].mean.toFixed(4);
  const figure = `${metric} ${mean(chosen)} over ${runs[chosen]!.foldRows.length} folds`;
  const name = runs[chosen]!.parameters.algorithm;
  if (chosen === best) return `${name}, the best of ${runs.length} trials: ${figure}`;
  const { shortfall, standardError } = comparisons[chosen]!;
  return `${name}, the simplest within one standard error of the best of ${runs.length} trials: ${figure}, ${shortfall.toFixed(4)} ± ${standardError.toFixed(4)} below`;
}
