import type { DeployRequest } from '../../ci/src/deploy.ts';
import type { EnsuredImage } from '../../ci/src/images/ensure-images.ts';
import type { KubernetesObject } from '../../ci/src/manifests/objects.ts';
import type { Migration } from '../../ci/src/migrate/migrations.ts';
import type { Release } from '../../ci/src/report/release.ts';
import type { Revision } from '../../ci/src/source/git.ts';
import type { Target } from '../../ci/src/target/target.ts';
import type { Admin } from '../admin.ts';
import type { Place } from '../place.ts';
import type { Servers } from '../servers.ts';
import type { Instance } from '../state.ts';
import type { Altered } from './altered.ts';

/** What a drill's deploy does otherwise than an ordinary one. */
export interface Change extends Altered, Partial<Omit<DeployRequest, 'render' | 'ensureImages'>> {
  /** Seconds until the images are there, as if they were built elsewhere; at once unless told. */
  readonly imagesTake?: number;
}

export interface Prepared {
  readonly revision: Revision;
  readonly migrations: readonly Migration[];
  readonly images: readonly EnsuredImage[];
  readonly objects: readonly KubernetesObject[];
}

/** What drills work with: a real platform on servers of its own, reached over SSM. */
export interface Stage {
  readonly instance: Instance;
  readonly place: Place;
  readonly servers: Servers;
  readonly target: Target;
  /** The six services' images, as every ordinary deploy here runs them. */
  readonly images: readonly EnsuredImage[];
  /** kubectl as an administrator; `--namespace` is the caller's to give. */
  readonly admin: Admin;
  /** Given when the drill's time is over; what waits by other means than these has to end then. */
  readonly over: AbortSignal;
  /** Takes one line of what happens. */
  readonly say: (line: string) => void;
  /** Deploys with the pipeline's own code, without a soak unless told. */
  readonly deploy: (change?: Change) => Promise<Release>;
  /** What an ordinary deploy would bring, for one that happens elsewhere. */
  readonly prepare: () => Promise<Prepared>;
  /**
   * What was proven of one service and harms nobody stays, and every later deploy brings it too: to
   * take it away would be one more rollout.
   */
  readonly keep: (service: string, altered: Altered) => void;
  /** Makes an object in the platform's namespace that is gone before the next drill. */
  readonly put: (object: object) => Promise<void>;
  /** Runs after the drill, however it ended; the last one first. */
  readonly after: (work: () => Promise<unknown>) => void;
}

/** A stage that no drill has entered yet. */
export type BareStage = Omit<Stage, 'over'>;
