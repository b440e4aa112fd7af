import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { DataProfile, NumberSummary } from '../contracts/profile.ts';
import { writeProfilePage } from '../lifecycle/profile/page.ts';
import { profileObservations } from '../lifecycle/profile/profile-observations.ts';
import { loadUseCase } from '../use-cases/load-use-case.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { requireWritable } from './local-files.ts';
import { count, minute, table } from './text.ts';
import { requireUseCase } from './use-case.ts';

/** `perennial profile`: what the observations look like. */
export function profileCommand(): Command {
  return new Command('profile')
    .description('Describes the mature observations feature by feature, and says which features may know the label.')
    .argument('<useCase>', 'id of the use case')
    .option('--html <file>', 'where a page with pictures goes')
    .addHelpText('after', examples('profile bank-marketing', 'profile bank-marketing --html profile.html'))
    .action(answering(profile));
}

async function profile(
  { athena, clock, useCases }: Deployment,
  { html }: { html?: string },
  id: string,
): Promise<Answer> {
  requireUseCase(id, useCases);
  // Found out now rather than when the profile is there.
  if (html !== undefined) await requireWritable(html);
  const profile = await profileObservations({ athena, clock }, await loadUseCase(id, useCases));
  if (profile.status === 'insufficient data') return { data: profile, text: profile.reason, failed: true };
  if (html !== undefined) await writeFile(html, writeProfilePage(profile));
  return { data: profile, text: describe(profile) };
}

function describe(profile: DataProfile): string {
  const { rows, positives, suspects, snapshotId, matureUntil } = profile;
  const share = ((100 * positives) / rows).toFixed(1);
  return [
    `${count(rows)} observations up to ${minute(matureUntil)} UTC, ${count(positives)} positive (${share} %); snapshot ${snapshotId}\n`,
    describeFeatures(profile),
    `\n${describeAssociations(profile)}`,
    '',
    ...(suspects.length > 0
      ? suspects.map(({ feature, reason }) => `"${feature}" may know the label: ${reason}`)
      : ['No feature predicts too well alone']),
  ].join('\n');
}

function describeFeatures({ features }: DataProfile): string {
  const strongest = features.toSorted((a, b) => (b.withLabel?.auc ?? 0) - (a.withLabel?.auc ?? 0));
  return table(
    ['feature', 'type', 'missing', 'values', 'AUC alone', 'bits', 'with the label'],
    strongest.map(({ name, type, missing, numbers, cells, withLabel }) => [
      name,
      type,
      missing,
      numbers ? describeNumbers(numbers) : `${cells.filter(({ rows }) => rows > 0).length} levels`,
      withLabel?.auc.toFixed(3) ?? null,
      withLabel?.mutualInformation.toFixed(4) ?? null,
      withLabel && `${withLabel.value.toFixed(3)} ${withLabel.measure}`,
    ]),
  );
}

/** Least value, quartiles, greatest. */
function describeNumbers({ minimum, maximum, quantiles }: NumberSummary): string {
  const values = [minimum, quantiles['0.25']!, quantiles['0.5']!, quantiles['0.75']!, maximum];
  return values.map(value => Number(value.toPrecision(4))).join(' · ');
}

const shownAssociations = 10;

function describeAssociations({ associations }: DataProfile): string {
  const strongest = associations
    .filter(({ value }) => value !== null)
    .sort((left, right) => Math.abs(right.value!) - Math.abs(left.value!));
  return table(
    ['two features', '', 'measure'],
    strongest
      .slice(0, shownAssociations)
      .map(({ features, measure, value }) => [features.join(', '), value!.toFixed(3), measure]),
  );
}
