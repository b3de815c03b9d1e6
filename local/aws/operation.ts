import type { Input } from './input.ts';

/** One API action: takes the call's members, gives the answer's, or throws an `AwsError`. */
export type Operation = (input: Input) => object | Promise<object>;

/** A service: its actions, and the name that signatures for it bear. */
export interface AwsService {
  readonly signingName: string;
  readonly operations: ReadonlyMap<string, Operation>;
}
