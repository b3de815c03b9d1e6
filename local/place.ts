import type { Target } from '../ci/src/target/target.ts';
import type { SiteDatabases } from './secret.ts';

/** Where `make up` brings the platform: its own servers, or a cluster and a database that were named. */
export interface Place {
  /** Whether the cluster is this instance's own, which one run at a time may use. */
  readonly isOwn: boolean;
  /** Marks what this instance made, in whichever cluster and database. */
  readonly instanceId: string;
  readonly kubectl: string;
  /** The administrator's kubeconfig, a file. */
  readonly kubeconfig: string;
  /** As `--registry` takes it. */
  readonly registry: string;
  /** Where the stand-ins of the paid APIs answer pods; a place that was named has none. */
  readonly sourcesUrl?: string;
  readonly openTarget: () => Promise<Target>;
  /** Claims the database, which may be empty; refuses one that somebody else made. */
  readonly prepareDatabase: () => Promise<SiteDatabases>;
  /** The command that listens on a port of this machine's loopback for the site. */
  readonly frontDoor: (port: number) => Promise<readonly [string, ...string[]]>;
}
