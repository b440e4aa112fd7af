import type { Instance } from '../../contracts/http.ts';
import type { ReferenceProfile } from '../../ml/drift/reference-profile.ts';
import type { Feature, UseCase } from '../../use-cases/define-use-case.ts';
import type { ModelSignature, SignatureFeature } from '../inference/model-signature.ts';
import type { Run } from './runs.ts';
import type { Version } from './versions.ts';

/** What a model takes and answers, in full. */
export interface Signature extends ModelSignature {
  readonly features: readonly (SignatureFeature & {
    readonly type: Feature['type'];
    readonly meaning: string;
    /** Inclusive bounds of the rows that trained. */
    readonly range?: readonly [number, number];
  })[];
  readonly label: Pick<UseCase['label'], 'column' | 'meaning' | 'positive' | 'negative'>;
}

/** A real row, in parts blanked or altered, and what the trainer answers for it. */
export interface GoldenRow {
  readonly instance: Instance;
  readonly probability: number;
}

/** What is known about a model; stands as JSON beside its file. */
export interface ModelCard
  extends Pick<
    Version,
    'runId' | 'useCase' | 'parameters' | 'seed' | 'manifestKey' | 'tags' | 'threshold' | 'metrics' | 'modelSha256'
  > {
  /** Null of an imported model. */
  readonly foldMetrics: Run['foldMetrics'] | null;
  readonly signature: Signature;
  /** How features spread over the training rows, and scores over out-of-fold predictions. */
  readonly referenceProfile: ReferenceProfile;
  readonly goldenRows: readonly GoldenRow[];
}
