import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { findDecision } from '../lifecycle/monitoring/decisions.ts';
import { exportToSageMaker } from '../lifecycle/monitoring/export-sagemaker.ts';
import { listReports, readReport } from '../lifecycle/monitoring/reports.ts';
import { readModelCard } from '../lifecycle/registry/model-files.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { describeReport } from './describe-report.ts';
import { minute, table } from './text.ts';
import { requireUseCase } from './use-case.ts';

/** `perennial reports`: what monitoring found. */
export function reportsCommand(): Command {
  const reports = new Command('reports').description('Lists, shows and exports the reports of monitoring.');
  reports
    .command('list')
    .description("Lists the reports, newest first. Figures are the champion's.")
    .argument('<useCase>', 'id of the use case')
    .addHelpText('after', examples('reports list bank-marketing'))
    .action(answering(list));
  reports
    .command('show')
    .description('Shows a report: what was looked at, every check, and what was decided.')
    .argument('<useCase>', 'id of the use case')
    .argument('[report]', "the window's end, as 2026-11-21T00; with .2 after it, its second revision; else the newest")
    .addHelpText('after', examples('reports show bank-marketing', 'reports show bank-marketing 2026-11-21T00 --json'))
    .action(answering(show));
  reports
    .command('export')
    .description('Writes the newest report, or one, as the files of SageMaker Model Monitor.')
    .argument('<useCase>', 'id of the use case')
    .argument('[report]', "the window's end, as 2026-11-21T00")
    .requiredOption('--sagemaker <folder>', 'where statistics.json, constraints.json and constraint_violations.json go')
    .option('--variant <name>', 'whose', 'champion')
    .addHelpText('after', examples('reports export bank-marketing --sagemaker monitor'))
    .action(answering(exportFiles));
  return reports;
}

async function list({ registry, useCases }: Deployment, _: object, useCase: string): Promise<Answer> {
  requireUseCase(useCase, useCases);
  const reports = await listReports(registry, useCase);
  const text = table(
    ['report', 'made (UTC)', 'predictions', 'drift', 'what drifted', 'label coverage', 'ROC AUC', 'estimated', 'worse'],
    reports.map(report => [
      report.revision === 1 ? report.reportId : `${report.reportId}.${report.revision}`,
      minute(report.madeAt),
      report.predictions,
      report.drift,
      report.drifted.join(', ') || null,
      figure(report.labelCoverage),
      figure(report.rocAuc),
      figure(report.estimatedRocAuc),
      report.worse.join(', ') || null,
    ]),
  );
  return { data: reports, text: reports.length > 0 ? text : `"${useCase}" has no report yet` };
}

async function show(deployment: Deployment, _: object, useCase: string, name?: string): Promise<Answer> {
  const report = await find(deployment, useCase, name);
  const decision = await findDecision(deployment.registry, report);
  return { data: { ...report, decision: decision ?? null }, text: describeReport(report, decision) };
}

async function exportFiles(
  deployment: Deployment,
  { sagemaker, variant }: { readonly sagemaker: string; readonly variant: string },
  useCase: string,
  name?: string,
): Promise<Answer> {
  const report = await find(deployment, useCase, name);
  const recent = report.recent.findLast(other => other.variant === variant);
  if (!recent) throw new VariantNotReportedError(report.reportId, variant);
  const { modelSha256 } = report.models.find(({ version }) => version === recent.version)!;
  const { referenceProfile } = await readModelCard(deployment.objects, { useCase, modelSha256 });
  await mkdir(sagemaker, { recursive: true });
  const files = Object.entries(exportToSageMaker(referenceProfile, recent)).map(([file, content]) => ({
    path: join(sagemaker, file),
    content,
  }));
  for (const { path, content } of files) await writeFile(path, `${JSON.stringify(content, null, 2)}\n`);
  const paths = files.map(({ path }) => path);
  return { data: { reportId: report.reportId, files: paths }, text: paths.map(path => `Wrote ${path}`).join('\n') };
}

/** Thrown when the newest report is asked for and there is none. */
export class NoReportYetError extends Error {
  override readonly name = 'NoReportYetError';

  constructor(useCase: string) {
    super(`"${useCase}" has no report yet: the first is made when a whole window of predictions is archived`);
  }
}

/** Thrown when a variant made no prediction in a report's window. */
export class VariantNotReportedError extends Error {
  override readonly name = 'VariantNotReportedError';

  constructor(reportId: string, variant: string) {
    super(`No prediction in the window of report "${reportId}" is of the variant "${variant}"`);
  }
}

async function find({ registry, objects, useCases }: Deployment, useCase: string, name: string | undefined) {
  requireUseCase(useCase, useCases);
  const [newest] = name === undefined ? await listReports(registry, useCase, 1) : [];
  const wanted = name ?? newest?.reportId;
  if (wanted === undefined) throw new NoReportYetError(useCase);
  return readReport({ registry, objects }, useCase, wanted);
}

function figure(value: number | null): string | null {
  return value === null ? null : value.toFixed(3);
}
