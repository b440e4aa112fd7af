import { hash } from 'node:crypto';
import type { Objects } from '../../platform/objects.ts';
import { CorruptModelError } from '../inference/errors.ts';
import { modelCardKey, modelKey } from '../inference/model-signature.ts';
import type { ModelCard } from './model-card.ts';

/** Names a model file. */
export interface ModelName {
  readonly useCase: string;
  readonly modelSha256: string;
}

/** Thrown when what stands beside a stored model does not describe it. */
export class CorruptModelCardError extends Error {
  override readonly name = 'CorruptModelCardError';
}

/**
 * Stores a model and its card. The card goes first: a model that is there can be read with all that belongs to it.
 * Another run with the very same model overwrites the card with its own, which describes the model as well.
 */
export async function writeModelFiles(objects: Objects, card: ModelCard, onnx: Uint8Array): Promise<void> {
  const { useCase, modelSha256 } = card;
  await objects.write(modelCardKey(useCase, modelSha256), JSON.stringify(card), 'application/json');
  await objects.write(modelKey(useCase, modelSha256), onnx, 'application/octet-stream');
}

/**
 * Reads a model's ONNX bytes and verifies them by their name.
 *
 * @throws {CorruptModelError}
 * @throws {ObjectNotFoundError}
 */
export async function readModelFile(objects: Objects, { useCase, modelSha256 }: ModelName): Promise<Uint8Array> {
  const key = modelKey(useCase, modelSha256);
  const onnx = await objects.read(key);
  const sha256 = hash('sha256', onnx, 'hex');
  if (sha256 !== modelSha256) throw new CorruptModelError(objects.uri(key), sha256);
  return onnx;
}

/**
 * Reads what is known about a model.
 *
 * @throws {CorruptModelCardError} when it is no card of this model
 * @throws {ObjectNotFoundError}
 */
export async function readModelCard(objects: Objects, { useCase, modelSha256 }: ModelName): Promise<ModelCard> {
  const key = modelCardKey(useCase, modelSha256);
  const card = await readCard(objects, key);
  if (card.modelSha256 !== modelSha256) {
    throw new CorruptModelCardError(`Card ${objects.uri(key)} describes the model ${card.modelSha256}`);
  }
  return card;
}

async function readCard(objects: Objects, key: string): Promise<ModelCard> {
  try {
    return await objects.readJson<ModelCard>(key);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new CorruptModelCardError(`Card ${objects.uri(key)} is no JSON`, { cause: error });
  }
}
