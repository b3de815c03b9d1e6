import type { KubectlCall } from '../target/target.ts';
import type { Candidate } from './bring.ts';
import type { RollOutOptions } from './roll-out.ts';

/** One step of a release. It changes the cluster through `held` alone, and refuses by throwing. */
export type ReleaseStep = (candidate: Candidate, options: RollOutOptions) => Promise<void>;

/** What a deploy does once the Lease is its own and before it applies anything, in this order. */
export const beforeApply: readonly ReleaseStep[] = [];

/** Calls that tidy up behind a release; they follow its record's end in the same round trip. */
export type ClosingStep = (
  candidate: Candidate,
  options: RollOutOptions,
) => Promise<readonly KubectlCall[]>;

export const closing: readonly ClosingStep[] = [];
