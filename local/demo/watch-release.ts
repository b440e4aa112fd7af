import type { Deployment } from '../../cli/deployment.ts';
import { nameStep } from '../../lifecycle/release/name-step.ts';
import { listReleases, type Release, readRelease } from '../../lifecycle/release/releases.ts';

/**
 * Follows the newest release of a use case to its end, or until `isEnough`, and tells what is new.
 *
 * @param meanwhile what goes on while it is under way; called again and again
 */
export async function watchRelease(
  { registry }: Deployment,
  useCase: string,
  {
    tell,
    meanwhile,
    isEnough = () => false,
  }: {
    readonly tell: (line: string) => void;
    readonly meanwhile: () => Promise<unknown>;
    readonly isEnough?: (release: Release) => boolean;
  },
): Promise<Release> {
  const [newest] = await listReleases(registry, useCase, 1);
  for (let told = ''; ; ) {
    const release = await readRelease(registry, useCase, newest!.release);
    const line = describe(release);
    if (line !== told) tell(line);
    told = line;
    const isOver = release.status !== 'running' && release.status !== 'waiting';
    // Once more at the end: the endpoint looks every two seconds at who answers.
    await meanwhile();
    if (isOver || isEnough(release)) return release;
  }
}

/** Where it stands, without the figures. */
function describe({ version, status, reason, step, steps, verdicts }: Release): string {
  if (status === 'rolled back' || status === 'declined') return `Release of version ${version}: ${status}: ${reason}`;
  if (status !== 'running' || step < 0) return `Release of version ${version}: ${status}`;
  const verdict = verdicts[step]?.verdict;
  return `Release of version ${version}: ${nameStep(steps[step]!)}${verdict ? `: ${verdict}` : ''}`;
}
