import type { CallRecord } from './call-log.ts';
import type { Credentials } from './credentials.ts';
import type { RepositoryOptions } from './ecr/repositories.ts';
import type { Tokens } from './ecr/tokens.ts';
import type { OutputLimit } from './ssm/output.ts';
import type { Timers } from './timers.ts';

/** What an SSM agent tells the service: `stopped` is an instance that EC2 no longer runs. */
export type NodeState = 'online' | 'offline' | 'stopped';

/** A managed node: the machine on which commands really run. */
export interface NodeOptions {
  /** EC2 instance id, `i-` and 8 or 17 hexadecimal digits. */
  readonly id: string;
  /** Arguments put before the shell, such as `nsenter --net=…`; they must `exec` what follows. */
  readonly enter: readonly string[];
  /** Added to the agent's minimal environment and stronger than it: `PATH`, `KUBECONFIG`. */
  readonly env: Readonly<Record<string, string>>;
  readonly online: boolean;
}

export interface AwsOptions {
  /** Where scripts, their output and repository settings are kept. */
  readonly folder: string;
  readonly credentials: readonly Credentials[];
  readonly nodes: readonly NodeOptions[];
  readonly region?: string;
  readonly account?: string;
  /** Key of the control endpoint; without it there is none. */
  readonly controlKey?: string;
  /** How long after SendCommand its invocation cannot be read yet. */
  readonly consistencyMs?: number;
  /** How long a command travels to its node. */
  readonly deliveryMs?: number;
  /** Those of the process, unless a test brings its own. */
  readonly timers?: Timers;
  /** What runs the script; `sh` is dash on Debian and Ubuntu. */
  readonly shell?: string;
  readonly outputLimit?: OutputLimit;
  /** Calls of one action that may come at once, and the rate at which that allowance comes back. */
  readonly rate?: { readonly burst: number; readonly perSecond: number };
  readonly ecr?: EcrOptions;
  readonly logCall?: (record: CallRecord) => void;
}

export interface EcrOptions {
  /** The registry that holds the images, `http://host:port`. */
  readonly registry: string;
  /** What GetAuthorizationToken hands out; random when absent. */
  readonly password?: string;
  /** In its place the tokens that a registry's gate knows too. */
  readonly tokens?: Tokens;
  /** Repositories that exist from the start. */
  readonly repositories?: readonly RepositoryOptions[];
}
