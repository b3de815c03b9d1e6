import { endTakeover } from '../adopt/end-takeover.ts';
import type { KubernetesObject } from '../manifests/objects.ts';
import { migrate } from '../migrate/migrate-step.ts';
import { prune } from '../prune/prune.ts';
import { pull } from '../pull/pull-step.ts';

import type { Release } from '../report/release.ts';
import type { KubectlCall } from '../target/target.ts';
import type { Candidate } from './bring.ts';
import type { RollOutOptions } from './roll-out.ts';

/** One step of a release. It changes the cluster through `held` alone, and refuses by throwing. */
export type ReleaseStep = (candidate: Candidate, options: RollOutOptions) => Promise<void>;

/** What a deploy does once the Lease is its own and before it applies anything, in this order. */
export const beforeApply: readonly ReleaseStep[] = [pull, migrate];

/** A release at its end. */
export interface Ended extends Pick<Candidate, 'records'> {
  readonly release: Release;
  /** What it applied. */
  readonly applied: readonly KubernetesObject[];
  /** What is applied in the end: the same, unless something went back. */
  readonly objects: readonly KubernetesObject[];
}

/** Calls that tidy up behind a release; they follow its record's end in the same round trip. */
export type ClosingStep = (
  ended: Ended,
  options: RollOutOptions,
) => Promise<readonly KubectlCall[]>;

export const closing: readonly ClosingStep[] = [endTakeover, prune];
