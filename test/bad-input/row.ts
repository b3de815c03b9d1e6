import type { ExecutionContext } from 'ava';
import type { Outcome } from '../helpers/run-command.ts';

/** What came of a wrong setting, and what must have come of it. */
export interface Refusal extends Outcome {
  /** The whole of what is printed, cure and all. */
  readonly says: string;
  /** What the command has made or touched. */
  readonly left: readonly unknown[];
}

/** A wrong setting: the situation produced for real, and what a user types in it. */
export interface BadInput {
  readonly what: string;
  readonly type: (t: ExecutionContext) => Promise<Refusal>;
}
