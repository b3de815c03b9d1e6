import type { Log } from '../log.ts';
import type { Clock } from './clock.ts';

/** The penalty of all processes that use the same account, replicas and jobs. */
export interface SharedPenalty {
  /** Milliseconds that are left of it. */
  left(): Promise<number>;
  /** A longer one that is noted already stays. */
  extend(ms: number): Promise<void>;
}

const LONGEST_MS = 1_000;

/** Asks for no longer than a second: without an answer each process goes by what it knows itself. */
export function bestEffort(shared: SharedPenalty, clock: Clock, log: Log): SharedPenalty {
  async function attempt<T>(work: Promise<T>, otherwise: T): Promise<T> {
    const ended = new AbortController();
    const late = clock.sleep(LONGEST_MS, ended.signal).then(() => {
      throw new Error(`no answer within ${LONGEST_MS} ms`);
    });
    try {
      return await Promise.race([work, late]);
    } catch (error) {
      log.warn({ err: error }, 'Spotify: the penalty of the other replicas is not known');
      return otherwise;
    } finally {
      ended.abort();
      work.catch(() => {});
      late.catch(() => {});
    }
  }
  return {
    left: () => attempt(shared.left(), 0),
    extend: (ms) => attempt(shared.extend(ms), undefined),
  };
}
