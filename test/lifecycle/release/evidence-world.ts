import { randomUUID } from 'node:crypto';
import type { LoggedPrediction } from '../../../contracts/http.ts';
import { createOutcome } from '../../../lifecycle/outcomes/outcome.ts';
import { logOutcomes } from '../../../lifecycle/outcomes/outcome-log.ts';
import { logPredictions } from '../../../lifecycle/predictions/prediction-log.ts';
import { claimVersion } from '../../../lifecycle/registry/versions.ts';
import { type EvidenceOptions, type EvidenceServices, gatherEvidence } from '../../../lifecycle/release/evidence.ts';
import type { GateEvidence } from '../../../lifecycle/release/gate.ts';
import type { LedgerEntry, Routing } from '../../../lifecycle/release/ledger.ts';
import { connectAthena } from '../../../platform/athena.ts';
import { connectObjects } from '../../../platform/objects.ts';
import { connectTable } from '../../../platform/table.ts';
import { defineUseCase, type UseCase } from '../../../use-cases/define-use-case.ts';
import { startEmbeddedServices } from '../../embedded-services.ts';
import { loans } from '../inference/loans.ts';
import { storeModel } from '../inference/publish-model.ts';
import type { SmallModel } from '../inference/small-model.ts';
import { examplePrediction } from '../predictions/example-prediction.ts';
import { exampleVersion } from '../registry/example-version.ts';

/** The step of these tests, which goes on. */
export const since = new Date('2026-03-10T10:00:00.000Z');
export const until = new Date('2026-03-10T13:00:00.000Z');
export const hourMs = 3_600_000;
/** The mean value of a positive decision is 2 and of a negative one −1 where every other label is positive. */
const profit = { truePositive: 5, falsePositive: -1, trueNegative: 0, falseNegative: -2 };

export const better: SmallModel = { numbers: { age: 0.1 }, intercept: -5 };
export const worse: SmallModel = { numbers: { age: -0.1 }, intercept: 5 };

/** A step that began: champion v1 and, as a variant or as a shadow, v2. */
export interface Step {
  readonly useCase: UseCase;
  readonly began: LedgerEntry;
  readonly shadow: { readonly version: number; readonly modelSha256: string; readonly threshold: number };
}

export interface StepSetting {
  readonly champion?: SmallModel;
  readonly challenger?: SmallModel;
  /** Of the challenger; 0 makes it a shadow. */
  readonly share?: number;
  /** @default - an hour */
  readonly delayDays?: number;
}

/** What the judge's evidence is gathered from. */
export async function startEvidenceWorld() {
  const embedded = await startEmbeddedServices();
  const services: EvidenceServices = {
    registry: connectTable('registry'),
    objects: connectObjects(embedded.bucket),
    predictions: connectTable('predictions'),
    athena: connectAthena(embedded),
  };

  return {
    services,
    stop: () => embedded.stop(),

    /** A use case of its own, with both versions, which were made an hour before the step. */
    async beginStep(setting: StepSetting = {}): Promise<Step> {
      const { champion = better, challenger = better, share = 0.5, delayDays = 1 / 24 } = setting;
      const id = `loans-${randomUUID().replaceAll(/[^a-z]/g, '')}`;
      const decision = { currency: 'EUR', profit };
      const useCase = defineUseCase({ ...loans, id, label: { ...loans.label, delayDays }, decision });
      const route = async (model: SmallModel) => {
        const modelSha256 = await storeModel(services.objects, id, model);
        const createdAt = new Date(since.getTime() - hourMs).toISOString();
        const claim = exampleVersion({ useCase: id, runId: randomUUID(), modelSha256, createdAt });
        const { version } = await claimVersion(services.registry, claim);
        return { version, modelSha256, threshold: 0.5 };
      };
      const [one, two] = [await route(champion), await route(challenger)];
      const routing: Routing = {
        salt: 'salt',
        variants: [
          { ...one, name: 'champion', share: 1 - share },
          ...(share > 0 ? [{ ...two, name: 'challenger', share }] : []),
        ],
        shadow: share === 0 ? two : null,
        aliases: {},
      };
      const began = { entry: 7, at: since.toISOString(), version: 2, routing } as LedgerEntry;
      return { useCase, began, shadow: two };
    },

    /** Logs predictions from an instant on, an hour into the step if none is given, each changed by its number; odd ones are the challenger's. */
    async logRequests(
      { useCase }: Step,
      count: number,
      change: (row: number) => Partial<LoggedPrediction> = () => ({}),
      from = new Date(since.getTime() + hourMs),
    ): Promise<LoggedPrediction[]> {
      const predictions = Array.from({ length: count }, (_, row) => {
        const at = new Date(from.getTime() + row).toISOString();
        const arm = row % 2 === 0 ? { version: 1, variant: 'champion' } : { version: 2, variant: 'challenger' };
        const features = { age: 18 + (row % 80) };
        const own = { at, useCase: useCase.id, entry: 7, features, entityId: `c-${row}`, ...arm };
        return examplePrediction({ ...own, ...change(row) });
      });
      await logPredictions(services.predictions, predictions, { deadlineMs: 30_000 });
      return predictions;
    },

    /** Tells the labels of predictions. */
    async tellOutcomes(
      { useCase }: Step,
      predictions: readonly LoggedPrediction[],
      label: (row: number) => 0 | 1,
      receivedAt = '2026-03-10T12:30:00.000Z',
    ): Promise<void> {
      const outcomes = predictions.map(({ predictionId }, row) =>
        createOutcome({
          ...{ useCase: useCase.id, predictionId, observationId: null, label: label(row), by: 'key' },
          ...{ observedAt: receivedAt, receivedAt },
        }),
      );
      await logOutcomes(services.predictions, outcomes);
    },

    gather(
      { useCase, began }: Pick<Step, 'useCase' | 'began'>,
      changes: Partial<EvidenceOptions> = {},
      others = services,
    ) {
      return gatherEvidence(others, useCase, { began, until, gate: gateOf(), isExperiment: false, ...changes });
    },
  };
}

export type EvidenceWorld = Awaited<ReturnType<typeof startEvidenceWorld>>;

/** What a gate found that compared version 2 with a champion. */
export function gateOf(champion = 1): GateEvidence {
  const scoreDifference = { rows: 1_000, mean: 0, low: -0.05, high: 0.05, championSpread: 0.1 };
  return { champion: { version: champion, scoreDifference } } as GateEvidence;
}
