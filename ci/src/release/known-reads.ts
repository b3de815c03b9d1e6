import type { KubectlCall, KubectlOutput } from '../target/target.ts';
import type { Lease } from './lease.ts';

/** What was read while nobody had taken the Lease. */
export interface KnownReads {
  /** Of the Lease, as it was seen before the reads were sent. */
  readonly version: string;
  /** When they were sent, in milliseconds of the monotonic clock. */
  readonly at: number;
  readonly calls: readonly KubectlCall[];
  readonly outputs: readonly KubectlOutput[];
}

/**
 * Milliseconds for which they stand, as long as most images take to build: what people change by hand
 * meanwhile, the Lease does not tell.
 */
const knownForMs = 30_000;

/**
 * The outputs of these calls if they need not be asked for again: who takes the Lease at the version that
 * was seen before them knows that no release has changed anything since.
 */
export function stillKnown(
  known: KnownReads | undefined,
  calls: readonly KubectlCall[],
  { lease, now }: { readonly lease: Lease; readonly now: number },
): readonly KubectlOutput[] | undefined {
  if (!known || lease.holder !== '' || lease.version !== known.version) return undefined;
  if (now - known.at > knownForMs) return undefined;
  return JSON.stringify(calls) === JSON.stringify(known.calls) ? known.outputs : undefined;
}
