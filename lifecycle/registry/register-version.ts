import type { Events } from '../../platform/events.ts';
import type { Objects } from '../../platform/objects.ts';
import type { Table } from '../../platform/table.ts';
import { describeRegister } from '../lineage/describe-acts.ts';
import { recordAct } from '../lineage/record-act.ts';
import { claimVersion, type Version } from './versions.ts';

export interface RegisterServices {
  readonly registry: Table;
  readonly objects: Objects;
  readonly events: Events;
}

/** Registers a model, tells of it, and keeps where it comes from. Registered again, it is the same version, told of again. */
export async function registerVersion(
  { registry, objects, events }: RegisterServices,
  claim: Omit<Version, 'version'>,
): Promise<Version> {
  const registered = await claimVersion(registry, claim);
  const { useCase, version, createdAt, createdBy } = registered;
  await recordAct(objects, describeRegister(registered));
  await events.put('Version Registered', { useCase, version, at: createdAt, by: createdBy });
  return registered;
}
