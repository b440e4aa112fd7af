import { crossValidate } from '../../lifecycle/training/cross-validate.ts';
import { openThreads } from '../../lifecycle/training/threads.ts';
import type { LabelledColumns } from '../../ml/columns.ts';
import { measureScores } from '../../ml/metrics/metrics.ts';
import type { Candidate } from '../../ml/model.ts';
import { round } from './compare-fits.ts';
import { countLevels, publishedFiles, type Reference, readPublishedFile } from './published-files.ts';
import { openPython, type PythonLibrary } from './python.ts';

const folds = 5;
const metrics = ['roc_auc', 'average_precision', 'log_loss'] as const;

/** Out-of-fold figures on the public data sets, beside other libraries' recorded ones, and forests beside scikit-learn's on the same folds. */
export async function* compareAccuracy(folder: string, threads: number): AsyncGenerator<object> {
  for (const file of publishedFiles) {
    const data = await readPublishedFile(folder, file);
    if (!data) {
      yield { part: 'accuracy', data: file.name, absent: `not in ${folder}: name another folder with --data` };
      continue;
    }
    const best = Math.max(...file.references.map(({ roc_auc }) => roc_auc));
    // Without parameters, boosted trees are held against whatever did best.
    const references = [...file.references, { candidate: { algorithm: 'gradient-boosting' } as const, roc_auc: best }];
    for (const reference of references) {
      const { figures } = await measureOutOfFold(reference.candidate, data, threads);
      yield { part: 'accuracy', data: file.name, ...reference.candidate, ...figures, ...compare(figures, reference) };
    }
    yield* compareForests(file.name, data, threads);
  }
}

type Figures = Readonly<Record<(typeof metrics)[number], number>>;

async function measureOutOfFold(
  parameters: Candidate,
  data: LabelledColumns,
  count: number,
): Promise<{ figures: Figures; foldOfRow: Int32Array }> {
  const rows = Int32Array.from(data.labels.keys());
  const threads = openThreads(count);
  const { scores, foldOfRow } = crossValidate({ parameters, seed: 42, data, entityIds: rows, rows, folds, threads });
  await threads.close();
  const measured = measureScores(data.labels, scores, 0.5);
  const figures = Object.fromEntries(metrics.map(name => [name, round(measured[name])])) as Figures;
  return { figures, foldOfRow };
}

/** Ours less the reference's, where that is known, and ours by it. */
function compare(figures: Figures, reference: Omit<Reference, 'candidate'>): object {
  const known = metrics.filter(name => reference[name] !== undefined);
  return {
    reference: Object.fromEntries(known.map(name => [name, reference[name]])),
    difference: Object.fromEntries(known.map(name => [name, round(figures[name] - reference[name]!)])),
    ratio: round(figures.roc_auc / reference.roc_auc),
  };
}

/** As both libraries call them. */
const forests = [
  { ours: { trees: 100 }, theirs: { n_estimators: 100 } },
  {
    ours: { trees: 100, maxDepth: 10, minSamplesSplit: 5 },
    theirs: { n_estimators: 100, max_depth: 10, min_samples_split: 5 },
  },
];

async function* compareForests(name: string, data: LabelledColumns, threads: number): AsyncGenerator<object> {
  const sklearn = await openPython('fit_sklearn.py', data, JSON.stringify(countLevels(data.columns)));
  try {
    for (const { ours, theirs } of forests) {
      const candidate: Candidate = { algorithm: 'random-forest', ...ours };
      const { figures, foldOfRow } = await measureOutOfFold(candidate, data, threads);
      const question = { algorithm: candidate.algorithm, threads, ...theirs, folds: [...foldOfRow] };
      yield {
        part: 'accuracy',
        data: name,
        ...candidate,
        ...figures,
        ...(await compareForest(figures, sklearn, question)),
      };
    }
  } finally {
    if (typeof sklearn !== 'string') sklearn.close();
  }
}

async function compareForest(figures: Figures, sklearn: PythonLibrary | string, question: object): Promise<object> {
  if (typeof sklearn === 'string') return { absent: sklearn };
  const { auc } = await sklearn.fit(question);
  return { other: sklearn.version, ...compare(figures, { roc_auc: round(auc) }) };
}
