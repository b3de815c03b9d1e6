import type { Database, Queries, RowSchema } from './database.ts';
import { answered, type Claim, type Once, once } from './idempotency.ts';
import type { Charge, Throttle } from './throttle.ts';

export interface CountedWork<T, P> {
  readonly database: Database;
  readonly throttle: Throttle;
  readonly charges: readonly Charge[];
  readonly claim: Claim;
  readonly answer: RowSchema<T>;
  /** What takes long and needs no transaction; done once the attempt is counted. */
  prepare?(): Promise<P>;
  work(queries: Queries, prepared: P): Promise<T>;
}

/** Work that is counted before it is tried and done once for a key: a repetition is not counted again. */
export async function countedOnce<T, P = undefined>(options: CountedWork<T, P>): Promise<Once<T>> {
  const { database, throttle, charges, claim, answer, prepare, work } = options;
  const before = await answered(database, claim, answer);
  if (before !== undefined) return { value: before, replayed: true };
  await throttle.charge(charges);
  const prepared = (await prepare?.()) as P;
  return database.transaction((queries) =>
    once(queries, claim, answer, () => work(queries, prepared)),
  );
}
