import type { Change } from './diff.ts';
import type { Finding } from './finding.ts';
import type { HandMade } from './hand-made.ts';

/** What a deploy would do with one service. */
export interface ServicePlan {
  readonly service: string;
  /** `unknown` where the registry could not be asked. */
  readonly image: 'there' | 'to build' | 'unknown';
  /** The image's `src-…` tag; empty where it is unknown. */
  readonly source: string;
  /** The tag that runs; empty if none was recorded. */
  readonly runs: string;
  /** What the tag is made of. */
  readonly inputs: readonly string[];
  readonly rollout: 'new' | 'rolls' | 'stays' | 'unknown';
  /** Why its pods would be replaced. */
  readonly reasons: readonly string[];
}

/** What a deploy would do with the database. */
export interface MigrationsPlan {
  /** How the database stands to this commit's migrations; `unknown` where no service could say. */
  readonly database: 'unknown' | 'current' | 'behind' | 'ahead' | 'other';
  /** The image that runs them. */
  readonly image: 'there' | 'to build' | 'unknown';
  /** Those that would run; where the database is unknown, all that there are. */
  readonly pending: readonly {
    readonly migration: string;
    readonly kind: 'expand' | 'contract';
  }[];
}

/** What a deploy would do with one object. */
export interface ObjectPlan {
  readonly object: string;
  readonly what: 'create' | 'change' | 'replace' | 'unchanged' | 'refused';
  readonly changes: readonly Change[];
}

/** A field of an object that somebody else has set. */
export interface HandMadeField extends HandMade {
  readonly object: string;
}

/** What a deploy would do, and what would keep it from it; nothing was changed to find out. */
export interface Plan {
  /** What `deploy --expect` takes: the same as long as a deploy would do the same. */
  readonly fingerprint: string;
  readonly overlay: string;
  readonly target: string;
  readonly commit: string;
  readonly branch: string;
  readonly outcome: 'blocked' | 'changes' | 'nothing to do';
  /** Whether the namespace is there already. */
  readonly namespace: 'there' | 'to create' | 'unknown';
  readonly services: readonly ServicePlan[];
  readonly migrations: MigrationsPlan;
  readonly objects: readonly ObjectPlan[];
  readonly handMade: readonly HandMadeField[];
  /** Services that would roll together, wave after wave: one wave where all have room at once. */
  readonly waves: readonly (readonly string[])[];
  /** What goes once the release is proven, since neither it nor a release on record holds it. */
  readonly removed: readonly string[];
  /** What would go but for a rule, with the rule. */
  readonly withheld: readonly string[];
  /** What bears our label besides, and nobody removes. */
  readonly leftOver: readonly string[];
  readonly warnings: readonly Finding[];
  readonly obstacles: readonly Finding[];
}
