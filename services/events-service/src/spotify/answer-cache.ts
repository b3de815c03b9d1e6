import QuickLRU from 'quick-lru';

const DAY_MS = 86_400_000;
/** How long an answer is as good as new; Spotify's terms want no data kept for long. */
export const ANSWER_LIFE_MS = DAY_MS;
/** How much longer it is kept for the case that there is nothing better. */
const STALE_LIFE_MS = DAY_MS;
const MOST_ANSWERS = 1_000;

interface Entry {
  readonly value: unknown;
  readonly expiresAt: number;
}

export interface CacheCounts {
  readonly size: number;
  readonly validEntries: number;
  readonly expiredEntries: number;
}

/** Answers by lookup. quick-lru's own `maxAge` would drop what is stale at any look; so times are kept here. */
export class AnswerCache {
  readonly #entries: QuickLRU<string, Entry>;

  constructor(maxSize = MOST_ANSWERS) {
    this.#entries = new QuickLRU({ maxSize });
  }

  /** An answer that is as good as new. */
  fresh(key: string, now: number): Entry | undefined {
    const entry = this.#entries.get(key);
    return entry && entry.expiresAt > now ? entry : undefined;
  }

  /** The last answer, however old, that has not been swept away. */
  last(key: string): Entry | undefined {
    return this.#entries.get(key);
  }

  keep(key: string, value: unknown, now: number): void {
    this.#entries.set(key, { value, expiresAt: now + ANSWER_LIFE_MS });
  }

  /** Forgets what is too old to be of use to anybody. */
  sweep(now: number): void {
    for (const [key, { expiresAt }] of [...this.#entries]) {
      if (expiresAt + STALE_LIFE_MS <= now) this.#entries.delete(key);
    }
  }

  counts(now: number): CacheCounts {
    let validEntries = 0;
    let expiredEntries = 0;
    for (const [, { expiresAt }] of this.#entries) {
      if (expiresAt > now) validEntries += 1;
      else expiredEntries += 1;
    }
    return { size: validEntries + expiredEntries, validEntries, expiredEntries };
  }
}
