import { rocAuc } from '../../ml/metrics/ranking.ts';
import type { Candidate } from '../../ml/model.ts';
import { compareFits } from './compare-fits.ts';
import { countLevels, publishedFiles, readPublishedFile } from './published-files.ts';
import { openPython } from './python.ts';
import { timeFit } from './time-fit.ts';

/** Logistic regression against scikit-learn's `lbfgs`. Ours includes preprocessing; theirs is given the encoded matrix. */
export function compareLogistic(folder: string, rounds: number): AsyncGenerator<object> {
  const candidate: Candidate = { algorithm: 'logistic-regression', C: 1 };
  return compareOnFiles('logistic', folder, candidate, { C: 1 }, [1], rounds);
}

/** Random forests of 100 trees against scikit-learn's, which is given the codes of levels as numbers. */
export function compareForests(
  folder: string,
  threadCounts: readonly number[],
  rounds: number,
): AsyncGenerator<object> {
  const candidate: Candidate = { algorithm: 'random-forest', trees: 100 };
  return compareOnFiles('forest', folder, candidate, { n_estimators: 100 }, threadCounts, rounds);
}

async function* compareOnFiles(
  part: string,
  folder: string,
  candidate: Candidate,
  parameters: object,
  threadCounts: readonly number[],
  rounds: number,
): AsyncGenerator<object> {
  for (const file of publishedFiles) {
    const data = await readPublishedFile(folder, file);
    if (!data) {
      yield { part, data: file.name, absent: `not in ${folder}: name another folder with --data` };
      continue;
    }
    const rows = Int32Array.from(data.labels.keys());
    const sklearn = await openPython('fit_sklearn.py', data, JSON.stringify(countLevels(data.columns)));
    try {
      for (const threads of threadCounts) {
        const fit = async () => {
          const { seconds, model } = await timeFit(candidate, data, rows, threads);
          return { seconds, auc: rocAuc(data.labels, model.predict(data.columns)) };
        };
        const question = { algorithm: candidate.algorithm, threads, ...parameters };
        yield {
          part,
          data: file.name,
          rows: rows.length,
          threads,
          ...(await compareFits(rounds, fit, sklearn, question)),
        };
      }
    } finally {
      if (typeof sklearn !== 'string') sklearn.close();
    }
  }
}
