import { createHash } from 'node:crypto';
import type { ModelSignature } from '../../../lifecycle/inference/model-signature.ts';
import { modelCardKey, modelKey } from '../../../lifecycle/inference/model-signature.ts';
import { appendEntry, readLatestEntry, type Variant } from '../../../lifecycle/release/ledger.ts';
import type { Objects } from '../../../platform/objects.ts';
import type { Table } from '../../../platform/table.ts';
import { type SmallModel, writeSmallModel } from './small-model.ts';

/** Stores a model as training does and returns its sha256. */
export async function storeModel(objects: Objects, useCase: string, model: SmallModel): Promise<string> {
  const onnx = writeSmallModel(model);
  const sha256 = createHash('sha256').update(onnx).digest('hex');
  const signature: ModelSignature = {
    features: [
      ...Object.keys(model.numbers).map(name => ({ name, kind: 'number' as const })),
      ...Object.entries(model.categories ?? {}).map(([name, levels]) => ({
        name,
        kind: 'category' as const,
        levels: Object.keys(levels),
      })),
    ],
  };
  await objects.write(modelKey(useCase, sha256), onnx);
  await objects.write(modelCardKey(useCase, sha256), JSON.stringify({ signature }));
  return sha256;
}

/** Puts the next entry of a ledger, with a routing over the given variants; a single one gets the whole share. */
export async function release(
  registry: Table,
  useCase: string,
  ...variants: (Partial<Variant> & { modelSha256: string })[]
): Promise<number> {
  const entry = ((await readLatestEntry(registry, useCase))?.entry ?? 0) + 1;
  const filled = variants.map((variant, index) => ({
    name: index === 0 ? 'champion' : 'challenger',
    version: entry,
    threshold: 0.5,
    share: index === 0 ? 1 : 0,
    ...variant,
  }));
  await appendEntry(registry, useCase, {
    entry,
    at: new Date().toISOString(),
    by: 'test',
    decision: 'promoted',
    version: entry,
    release: entry,
    running: null,
    reason: 'test',
    routing: variants.length > 0 ? { salt: 'salt', variants: filled, shadow: null, aliases: {} } : null,
    evidence: {},
  });
  return entry;
}
