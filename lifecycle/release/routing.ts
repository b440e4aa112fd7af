import { hash } from 'node:crypto';
import type { ReleaseStep } from '../../use-cases/release-policy.ts';
import type { LedgerEntry, Routing, Variant } from './ledger.ts';

/** What a routing names of a version. */
export type RoutedVersion = Pick<Variant, 'version' | 'modelSha256' | 'threshold'>;

/** The routing in which one version answers everybody. */
export function routeAllTo(version: RoutedVersion, before: Routing | null, salt: string): Routing {
  return {
    salt: before?.salt ?? salt,
    variants: [{ ...pick(version), name: 'champion', share: 1 }],
    shadow: null,
    aliases: before?.aliases ?? {},
  };
}

/** The routing of a step: beside the champion, the version is scored on the logged requests, or answers a share of the units. */
export function routeStep(before: Routing, version: RoutedVersion, step: ReleaseStep, salt: string): Routing {
  const [champion] = before.variants as [Variant, ...Variant[]];
  if (step === 'shadow') return { ...before, salt, variants: [{ ...champion, share: 1 }], shadow: pick(version) };
  const challenger = { ...pick(version), name: 'challenger', share: step };
  return { ...before, salt, variants: [{ ...champion, share: 1 - step }, challenger], shadow: null };
}

/** The routing without anything on trial. */
export function endTrial(before: Routing | null): Routing | null {
  const champion = before?.variants[0];
  return before && champion ? routeAllTo(champion, before, before.salt) : before;
}

/** Seed of the assignments of one release: its units keep their place while its shares grow, and no release falls upon the units of another. */
export function saltOf(useCase: string, release: number): string {
  return hash('sha256', `${useCase}#${release}`, 'hex').slice(0, 16);
}

/**
 * Finds the champion to go back to: the one before the one that answers, of those that nobody went back from.
 *
 * @param ledger entries, newest first
 */
export function previousChampion(ledger: readonly LedgerEntry[]): Variant | undefined {
  const line: Variant[] = [];
  for (const { routing } of ledger.toReversed()) {
    const champion = routing?.variants[0];
    if (!champion || champion.version === line.at(-1)?.version) continue;
    const place = line.findIndex(({ version }) => version === champion.version);
    if (place >= 0) line.length = place;
    line.push(champion);
  }
  return line.at(-2);
}

function pick({ version, modelSha256, threshold }: RoutedVersion): RoutedVersion {
  return { version, modelSha256, threshold };
}
