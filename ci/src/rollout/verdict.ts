import type { VerdictCode } from './verdict-codes.ts';

export { cures, type VerdictCode } from './verdict-codes.ts';

/** What one look at a service's rollout says. */
export interface Verdict {
  readonly service: string;
  readonly code: VerdictCode;
  /**
   * `failed` is certain and needs no more waiting; `suspect` fails if it stays so for a while, and
   * may heal; `waiting` is the ordinary course.
   */
  readonly state: 'ready' | 'waiting' | 'suspect' | 'failed';
  /** A sentence for people. */
  readonly message: string;
  /** The pod that shows it, if one does. */
  readonly pod?: string;
  /** The container of that pod that shows it. */
  readonly container?: string;
  readonly exitCode?: number;
  /** Whether the pod's previous container, not its present one, holds the log that tells why. */
  readonly previousLog?: boolean;
  /** Whether Kubernetes' words for it are none that are known here: it is waited for as if it passed. */
  readonly unexplained?: true;
}
