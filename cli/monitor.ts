import { Command } from 'commander';
import type { DecideOutput, MakeReportOutput } from '../contracts/monitor-tasks.ts';
import { type Answer, answering, examples } from './command.ts';
import type { Deployment } from './deployment.ts';
import { runMachine } from './run-machine.ts';
import { requireUseCase } from './use-case.ts';

interface MonitorOptions {
  readonly again?: boolean;
  readonly wait: boolean;
}

/** `perennial monitor`: reports on what is archived, without waiting for the schedule. */
export function monitorCommand(): Command {
  return new Command('monitor')
    .description('Reports on the archived windows that have no report yet, and decides what is done about each.')
    .argument('<useCase>', 'id of the use case')
    .option('--again', 'look again at the newest window though it has its report: labels may have come late')
    .option('--no-wait', 'do not wait for the end')
    .addHelpText('after', examples('monitor bank-marketing', 'monitor bank-marketing --again --json'))
    .action(answering(monitor));
}

async function monitor(deployment: Deployment, { again, wait }: MonitorOptions, useCase: string): Promise<Answer> {
  requireUseCase(useCase, deployment.useCases);
  return runMachine<MonitorOutput>(deployment, { machine: 'monitor', input: { useCase, again }, wait, describe });
}

/** With nothing to report, the answer is the report's own. */
type MonitorOutput = { readonly report: MakeReportOutput; readonly decision: DecideOutput } | MakeReportOutput;

function describe(output: MonitorOutput): string {
  if (!('report' in output)) return `Nothing to report: ${output.summary}`;
  const { report, decision } = output;
  if (report.status === 'nothing') return `Nothing to report: ${report.summary}`;
  const name = report.revision === 1 ? report.reportId : `${report.reportId}.${report.revision}`;
  const [verb, end] = report.status === 'made' ? ['Made', ''] : ['There was', ' already'];
  return [
    `${verb} report ${name}${end}: ${report.summary}`,
    `Decision: ${decision.action}, as ${decision.reasons.join('; ')}`,
    ...(decision.lifecycle ? [`Started ${decision.lifecycle}`] : []),
  ].join('\n');
}
