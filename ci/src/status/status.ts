import type { IngressHost } from '../health/vantage-points.ts';
import type { ReleaseState } from '../report/release.ts';
import type { Autoscaler } from './autoscalers.ts';

/** Use of a resource beside what was asked for and what is allowed, in cores or bytes. */
export interface Use {
  /** Absent if the kubelet did not tell. */
  readonly used?: number;
  readonly requested?: number;
  readonly limit?: number;
}

export interface ServiceStatus {
  readonly service: string;
  readonly critical: boolean;
  /** `well` if its pods are ready, answer, and are what the release recorded. */
  readonly state: 'well' | 'rolling' | 'ill';
  /** What is to be said about it; empty if nothing is. */
  readonly message: string;
  /** `repository@sha256:…` of its pods; empty if none runs. */
  readonly image: string;
  /** The image's `src-…` tag, and the commit, that its Deployment records. */
  readonly source: string;
  readonly commit: string;
  readonly pods: { readonly ready: number; readonly wanted: number; readonly old: number };
  readonly restarts: number;
  /** Of all its pods together. */
  readonly cpu: Use;
  readonly memory: Use;
}

export interface NodeStatus {
  readonly name: string;
  readonly ready: boolean;
  /** Conditions that it should not have, such as `MemoryPressure`. */
  readonly pressure: readonly string[];
  readonly cpu: Use;
  readonly memory: Use;
}

/** What is known of a release without its services. */
export interface ReleaseHead {
  readonly release: string;
  readonly state: ReleaseState;
  readonly commit: string;
  readonly branch: string;
  /** Who deployed it, if it says. */
  readonly by?: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly endedAt?: string;
  /** The release that it applied again. */
  readonly restores?: string;
}

export interface LastRelease extends ReleaseHead {
  /** How it ended, as the last line of `deploy` said; absent if all was proven. */
  readonly code?: string;
  readonly services: readonly {
    readonly service: string;
    readonly proven: boolean;
    readonly code: string;
    readonly message: string;
  }[];
}

/** A release that has not ended. */
export interface ReleaseUnderWay {
  readonly release: string;
  readonly by?: string;
  readonly since: string;
  /** What it is at, if it says. */
  readonly step?: string;
  /** Whether nobody drives it any more; absent if that cannot be told. */
  readonly dead?: boolean;
}

/** How the platform is, as far as one look tells. */
export interface Status {
  readonly version: 1;
  readonly overlay: string;
  readonly target: string;
  /** ISO 8601, UTC. */
  readonly askedAt: string;
  /** `unsure` if something that it takes to say so could not be asked. */
  readonly verdict: 'well' | 'rolling' | 'ill' | 'unsure';
  /** The same in one sentence. */
  readonly summary: string;
  /** The release that serves: the newest one that was proven. */
  readonly serving?: ReleaseHead;
  readonly last?: LastRelease;
  readonly underWay?: ReleaseUnderWay;
  readonly services: readonly ServiceStatus[];
  readonly autoscalers: readonly Autoscaler[];
  readonly hosts: readonly IngressHost[];
  readonly nodes: readonly NodeStatus[];
  /** What could not be asked, and why. */
  readonly notAsked: readonly { readonly what: string; readonly why: string }[];
}
