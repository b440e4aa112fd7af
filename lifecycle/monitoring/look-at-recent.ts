import { checkDrift, type DriftCheck } from '../../ml/drift/check-drift.ts';
import type { ProfileWindow } from '../../ml/drift/profile-window.ts';
import type { Athena } from '../../platform/athena.ts';
import type { UseCase } from '../../use-cases/define-use-case.ts';
import { estimateQuality } from './measure-quality.ts';
import {
  isSameVariant,
  readHistograms,
  readScores,
  readService,
  resolutionFor,
  type VariantService,
} from './read-window.ts';
import { type RecentReport, worstVerdict } from './report.ts';
import type { Model, ReadModel } from './reported-models.ts';
import type { ArchivedRows } from './window-statements.ts';

/** Compares each variant's predictions with what its version was trained on, all checks as one family. */
export async function lookAtRecent(
  athena: Athena,
  rows: ArchivedRows,
  read: ReadModel,
  alpha: number,
): Promise<RecentReport[]> {
  const variants = await readService(athena, rows);
  if (variants.length === 0) return [];
  const scored = await readScores(athena, rows, { resolution: resolutionFor(variants), isMature: false });
  const windows = await readWindows(athena, rows, variants, read);
  const checks = checkDrift(windows, { alpha, floors: rows.useCase.monitoring.floors });
  return Promise.all(
    variants.map(async (variant, i) => {
      const { referenceProfile } = await read(variant.version);
      const { calibration } = referenceProfile.scores;
      const own = scored.find(window => isSameVariant(window, variant));
      return {
        ...variant,
        drift: describeDrift(checks[i]!, rows.useCase, referenceProfile),
        estimated: own ? estimateQuality(own, calibration, variant.threshold) : null,
      };
    }),
  );
}

async function readWindows(athena: Athena, rows: ArchivedRows, variants: readonly VariantService[], read: ReadModel) {
  const byVersion = new Map<number, Map<string, ProfileWindow>>();
  for (const { version } of variants) {
    if (byVersion.has(version)) continue;
    const { referenceProfile } = await read(version);
    byVersion.set(version, await readHistograms(athena, rows, version, referenceProfile));
  }
  return Promise.all(
    variants.map(async ({ version, variant }) => ({
      profile: (await read(version)).referenceProfile,
      window: byVersion.get(version)!.get(variant)!,
    })),
  );
}

function describeDrift(
  checks: readonly DriftCheck[],
  { features }: UseCase,
  profile: Model['referenceProfile'],
): RecentReport['drift'] {
  return {
    verdict: worstVerdict(checks.map(({ verdict }) => verdict)),
    checks,
    notCompared: profile.features.map(({ name }) => name).filter(name => !(name in features)),
  };
}
