import type { ReleaseSchema } from '../migrate/release-schema.ts';
import type { Evidence } from '../rollout/evidence.ts';
import type { VerdictCode } from '../rollout/verdict.ts';
import type { ReleaseTimeline } from './timeline.ts';

/**
 * `deploying` until its end is known; `degraded` if all critical services are proven and another one
 * is not; `rolled-back` if it failed and what was proven before it serves again.
 */
export type ReleaseState = 'deploying' | 'verified' | 'degraded' | 'failed' | 'rolled-back';

/** What a service runs. */
export interface ServiceImage {
  /** `repository@sha256:…` */
  readonly image: string;
  /** The image's `src-…` tag. */
  readonly source: string;
  readonly built: boolean;
}

/** How services came back to what was proven before. */
export interface WentBack {
  /** Id of the proven release whose state was applied again; `found` if a takeover was undone. */
  readonly to: string;
  /** Id of the release that this made, if the whole platform went back. */
  readonly as?: string;
  readonly services: readonly string[];
  /** Whether what serves now was proven again. */
  readonly proven: boolean;
  /** What stood in the way, if it was not. */
  readonly trouble?: string;
  /** When what happened, counted from the step `back` of the release. */
  readonly timeline?: ReleaseTimeline;
}

/** What became of one service in a release. */
export interface ServiceResult extends ServiceImage {
  readonly service: string;
  readonly critical: boolean;
  readonly proven: boolean;
  /** The image that ran before, as `repository@sha256:…`; absent if none did. */
  readonly before?: string;
  /** Pods that this release made for it. */
  readonly newPods: number;
  /** How often containers of its new pods were started again. */
  readonly restarts?: number;
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
  /** Who began it; absent if nobody told. */
  readonly by?: string | undefined;
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
  /** The migrations that it was made with; absent in records of before there were any. */
  readonly schema?: ReleaseSchema;
  /** Id of the release whose state this one applies again. */
  readonly restores?: string;
  /** The services of it that this one takes back; all if absent. */
  readonly restoredServices?: readonly string[];
  readonly wentBack?: WentBack;
  /** Whether it takes over what others have set or made. */
  readonly adopts?: true;
  readonly timeline?: ReleaseTimeline;
}

/** All critical services proven makes a release worth keeping; all services make it verified. */
export function releaseState(
  services: readonly ServiceResult[],
): 'verified' | 'degraded' | 'failed' {
  if (services.some((it) => it.critical && !it.proven)) return 'failed';
  return services.every((it) => it.proven) ? 'verified' : 'degraded';
}

/** A release that begins: what it is made of is known, and nothing of its end. */
export function beginRelease(
  startedAt: Date,
  of: Pick<
    Release,
    'overlay' | 'target' | 'commit' | 'branch' | 'by' | 'restores' | 'restoredServices'
  >,
  newest = '',
): Release {
  return {
    ...of,
    id: releaseId(startedAt, of.commit, newest),
    state: 'deploying',
    startedAt: startedAt.toISOString(),
    seconds: { images: 0, apply: 0, serving: 0, verified: 0, total: 0 },
    services: [],
  };
}

/**
 * An id that sorts by time and tells the commit. It comes after `newest`, the last one on record, also
 * where that was made on a machine whose clock is ahead of ours.
 */
export function releaseId(startedAt: Date, commit: string, newest = ''): string {
  const [, day, time] = /^(\d{8})t(\d{6})z-/.exec(newest) ?? [];
  const digits = (text: string, by: string) => text.match(/../g)?.join(by);
  const last = day
    ? Date.parse(`${day.slice(0, 4)}-${digits(day.slice(4), '-')}T${digits(time ?? '', ':')}Z`)
    : Number.NEGATIVE_INFINITY;
  const at = new Date(Math.max(startedAt.getTime(), last + 1_000));
  const stamp = at.toISOString().replace(/[-:]|\.\d+/g, '');
  return `${stamp}-${commit.slice(0, 7)}${commit.endsWith('-dirty') ? '-dirty' : ''}`.toLowerCase();
}
