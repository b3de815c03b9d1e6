import type { ReleaseRecord, Standing } from '../release/record.ts';
import type { Release, ReleaseState, ServiceResult } from './release.ts';
import { codeOfState } from './release-result.ts';
import type { Moments, Phase, ReleaseTimeline } from './timeline.ts';

/** What became of one service; names are stable, docs/report.md tells of each. */
export interface ReportedService {
  readonly service: string;
  readonly critical: boolean;
  readonly proven: boolean;
  readonly code: string;
  readonly message: string;
  /** `repository@sha256:…` that ran before. */
  readonly before?: string;
  readonly image: string;
  readonly source: string;
  readonly built: boolean;
  readonly newPods: number;
  readonly restarts: number;
  readonly readySeconds?: number;
  readonly exitCode?: number;
  /** What Kubernetes itself warned of. */
  readonly warnings: readonly string[];
  /** What its log said, as much as the record keeps; without secrets. */
  readonly log: readonly string[];
  /** What serves for it since the release has ended. */
  readonly serves?: { readonly image: string; readonly source: string; readonly proven: boolean };
  readonly moments: Moments;
}

/** How services came back, in seconds since the release began. */
export interface ReportedWayBack {
  readonly to: string;
  readonly as?: string;
  readonly services: readonly string[];
  readonly proven: boolean;
  readonly trouble?: string;
  readonly phases: readonly Phase[];
  readonly moments: Readonly<Record<string, Moments>>;
}

/** A release as programs read it. */
export interface Report {
  readonly version: 1;
  readonly release: string;
  readonly overlay: string;
  readonly target: string;
  readonly state: ReleaseState;
  /** How it ended, as the last line of `deploy` said; absent if all was proven or it goes on. */
  readonly code?: string;
  readonly commit: string;
  readonly branch: string;
  readonly by?: string;
  readonly startedAt: string;
  readonly seconds: Release['seconds'];
  readonly restores?: string;
  readonly restoredServices?: readonly string[];
  readonly services: readonly ReportedService[];
  readonly phases: readonly Phase[];
  readonly wentBack?: ReportedWayBack;
}

/** Makes a report of what a release left in the cluster, which is all that there is to know of it. */
export function makeReport({ release, standing }: ReleaseRecord): Report {
  const code = codeOfState(release.state);
  const { restores, restoredServices, wentBack, timeline } = release;
  return {
    version: 1,
    ...{ release: release.id, overlay: release.overlay, target: release.target },
    state: release.state,
    ...(code ? { code } : {}),
    ...{ commit: release.commit, branch: release.branch },
    ...(release.by ? { by: release.by } : {}),
    ...{ startedAt: release.startedAt, seconds: release.seconds },
    ...(restores ? { restores } : {}),
    ...(restoredServices ? { restoredServices } : {}),
    services: release.services.map((it) =>
      toService(it, standing[it.service], timeline?.services[it.service]),
    ),
    phases: timeline?.phases ?? [],
    ...(wentBack ? { wentBack: toWayBack(wentBack, timeline) } : {}),
  };
}

function toService(
  it: ServiceResult,
  serves: Standing | undefined,
  moments: Moments = {},
): ReportedService {
  const { service, critical, proven, code, message, before, image, source, built } = it;
  return {
    ...{ service, critical, proven, code, message },
    ...(before ? { before } : {}),
    ...{ image, source, built, newPods: it.newPods, restarts: it.restarts ?? 0 },
    ...(it.readySeconds === undefined ? {} : { readySeconds: it.readySeconds }),
    ...(it.exitCode === undefined ? {} : { exitCode: it.exitCode }),
    warnings: it.evidence?.warnings ?? [],
    log: it.evidence?.log ?? [],
    ...(serves
      ? { serves: { image: serves.image, source: serves.source, proven: serves.proven } }
      : {}),
    moments,
  };
}

/** A way back counts its seconds from its own beginning; the report, all from the release's. */
function toWayBack(
  { timeline: own, ...wentBack }: NonNullable<Release['wentBack']>,
  timeline: ReleaseTimeline | undefined,
): ReportedWayBack {
  const offset = timeline?.phases.find(({ name }) => name === 'back')?.from ?? 0;
  const later = (seconds: number): number => Math.round((seconds + offset) * 10) / 10;
  const moments = Object.entries(own?.services ?? {}).map(([service, all]) => {
    const entries = Object.entries(all).map(([name, at]) => [name, later(at)]);
    return [service, Object.fromEntries(entries) as Moments];
  });
  return {
    ...wentBack,
    phases: (own?.phases ?? []).map((it) => ({ ...it, from: later(it.from), to: later(it.to) })),
    moments: Object.fromEntries(moments),
  };
}
