import type { Evidence } from '../rollout/evidence.ts';
import type { VerdictCode } from '../rollout/verdict.ts';

export type ReleaseState = 'verified' | 'degraded' | 'failed';

/** What became of one service in a release. */
export interface ServiceResult {
  readonly service: string;
  readonly critical: boolean;
  readonly proven: boolean;
  /** `repository@sha256:…` */
  readonly image: string;
  /** The image's `src-…` tag. */
  readonly source: string;
  readonly built: boolean;
  /** Pods that this release made for it. */
  readonly newPods: number;
  /** Seconds from the apply until the rollout was complete; absent if it was not. */
  readonly readySeconds?: number;
  readonly code: VerdictCode | 'HEALTHY' | 'UNHEALTHY';
  readonly message: string;
  readonly exitCode?: number;
  readonly evidence?: Evidence;
}

/** The result of a deploy, for people and programs. */
export interface Release {
  readonly id: string;
  readonly overlay: string;
  readonly target: string;
  readonly commit: string;
  readonly branch: string;
  readonly state: ReleaseState;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly seconds: {
    readonly images: number;
    readonly apply: number;
    readonly serving: number;
    readonly verified: number;
    readonly total: number;
  };
  readonly services: readonly ServiceResult[];
}

/** All critical services proven makes a release worth keeping; all services make it verified. */
export function releaseState(services: readonly ServiceResult[]): ReleaseState {
  if (services.some((it) => it.critical && !it.proven)) return 'failed';
  return services.every((it) => it.proven) ? 'verified' : 'degraded';
}

/** An id that sorts by time and tells the commit. */
export function releaseId(startedAt: Date, commit: string): string {
  const stamp = startedAt.toISOString().replace(/[-:]|\.\d+/g, '');
  return `${stamp}-${commit.slice(0, 7)}${commit.endsWith('-dirty') ? '-dirty' : ''}`.toLowerCase();
}
