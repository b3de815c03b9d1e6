import type { Database } from '@whatsthecraic/platform/database';
import { rootCause } from '@whatsthecraic/platform/errors';
import type { Log } from '@whatsthecraic/platform/log';
import { SourceError } from '../sources/errors.ts';
import { type Ask, createAsk, type HttpOptions } from '../sources/http.ts';
import { type Limits, limits } from '../sources/limits.ts';
import { type City, createFindCity } from '../sources/place.ts';
import type { BadRow } from '../sources/rows.ts';
import type { Source } from '../sources/source.ts';
import { readUpcomingArtists } from '../store/artists.ts';
import { canonicalise } from '../store/canonicalise.ts';
import { readCities } from '../store/cities.ts';
import { countMissing, saveRecords } from '../store/source-records.ts';
import { createSourceStates, GATE } from '../store/source-states.ts';
import { isClosed, isDue, type State, windowAt } from './due.ts';
import { withLock } from './lock.ts';

export interface IngestionOptions {
  readonly database: Database;
  readonly sources: readonly Source[];
  readonly log: Log;
  readonly signal?: AbortSignal;
  readonly now?: () => Date;
  readonly sleep?: HttpOptions['sleep'];
  /** Others than the real ones, for a test of many calls. */
  readonly limitsOf?: (source: Source['name']) => Limits;
}

/** What a run did, summed over sources and cities. */
export interface Summary {
  readonly asked: number;
  readonly failed: number;
  readonly events: number;
  readonly changed: number;
  readonly bad: number;
  readonly elsewhere: number;
  readonly missing: number;
}

const KEPT_BAD_ROWS = 20;
const nothing: Summary = {
  asked: 0,
  failed: 0,
  events: 0,
  changed: 0,
  bad: 0,
  elsewhere: 0,
  missing: 0,
};

/** Asks each source for what is due, and makes events of it; undefined: another run is at work. */
export async function runIngestion(options: IngestionOptions): Promise<Summary | undefined> {
  const { database, sources } = options;
  return withLock(database, async (stillHeld) => {
    // First what a killed run has left half done.
    await canonicalise(database, options.signal);
    const ran = await Promise.all(
      sources.map((source) => ingestSource(options, source, stillHeld)),
    );
    await canonicalise(database, options.signal);
    await createSourceStates(database).forgetOld(options.now?.() ?? new Date());
    return ran.reduce(add, nothing);
  });
}

/** A source's cities, one after the other, until it fails. */
async function ingestSource(
  options: IngestionOptions,
  source: Source,
  stillHeld: () => Promise<boolean>,
): Promise<Summary> {
  const { database, log, signal, sleep, now = () => new Date() } = options;
  const states = createSourceStates(database);
  const cities = await readCities(database);
  const findCity = createFindCity(cities);
  const known = await states.of(source.name);
  if (isClosed(known.get(GATE), now())) return nothing;
  const window = windowAt(now());
  const ask = createAsk({
    limits: (options.limitsOf ?? ((name) => limits[name]))(source.name),
    countCall: () => states.countCall(source.name, now()),
    now: () => now().getTime(),
    ...(signal ? { signal } : {}),
    ...(sleep ? { sleep } : {}),
  });
  let sum = nothing;
  let lastFailed = false;
  for (const scope of await scopesOf(database, source, cities, known)) {
    if (!isDue(known.get(scope), window, now())) continue;
    signal?.throwIfAborted();
    if (!(await stillHeld())) throw new Error('another run has taken the lock');
    const startedAt = now();
    const outcome = await ingestScope(database, source, { scope, window, ask, findCity }, now);
    const { error, summary, badRows } = outcome;
    signal?.throwIfAborted();
    const missing = error ? 0 : await countMissing(database, source.name, scope, window, startedAt);
    sum = add(sum, { ...summary, missing });
    const why = error ? explain(error) : null;
    await states.note(
      source.name,
      scope,
      { startedAt, ...summary, missing, badRows, error: why },
      now(),
    );
    const fields = { source: source.name, scope, ...summary, missing };
    if (why === null) {
      await states.succeeded(
        source.name,
        scope,
        { window, freshMs: limits[source.name].freshMs },
        now(),
      );
      log.info(fields, 'source ingested');
      lastFailed = false;
      continue;
    }
    const retryAt = error instanceof SourceError ? error.retryAt : undefined;
    const isOwn = error instanceof SourceError && source.isOwnFault?.(error) === true;
    // Two that fail one after the other are not to blame themselves.
    const closes = !isOwn || lastFailed;
    if (isOwn) await states.failed(source.name, scope, { error: why, retryAt }, now());
    const until =
      closes && (await states.failed(source.name, GATE, { error: why, retryAt }, now()));
    log.warn({ ...fields, until: until || undefined, reason: why }, 'source failed');
    if (closes) break;
    lastFailed = true;
  }
  return sum;
}

/** What to ask for, those last that failed before: they keep nobody else waiting. */
async function scopesOf(
  database: Database,
  source: Source,
  cities: readonly City[],
  known: ReadonlyMap<string, State>,
): Promise<readonly string[]> {
  const artists = await readUpcomingArtists(database);
  const scopes = source.scopes({ cities: cities.map(({ name }) => name), artists });
  const failures = (scope: string) => known.get(scope)?.failures ?? 0;
  return scopes.toSorted((a, b) => failures(a) - failures(b));
}

interface AskedScope {
  readonly scope: string;
  readonly window: ReturnType<typeof windowAt>;
  readonly ask: Ask;
  readonly findCity: ReturnType<typeof createFindCity>;
}

async function ingestScope(
  database: Database,
  source: Source,
  asked: AskedScope,
  now: () => Date,
): Promise<{ summary: Summary; badRows: BadRow[]; error: unknown }> {
  let summary: Summary = { ...nothing, asked: 1 };
  const badRows: BadRow[] = [];
  try {
    for await (const { events, bad, elsewhere } of source.fetch(asked)) {
      const changed = await saveRecords(database, asked.scope, events, now());
      badRows.push(...bad.slice(0, KEPT_BAD_ROWS - badRows.length));
      const batch = { ...nothing, events: events.length, changed, bad: bad.length, elsewhere };
      summary = add(summary, batch);
    }
    return { summary, badRows, error: undefined };
  } catch (error) {
    return { summary: { ...summary, failed: 1 }, badRows, error };
  }
}

const explain = (error: unknown): string => {
  const { message } = error as Error;
  const reason = rootCause(error);
  return reason === message ? message : `${message}: ${reason}`;
};

const add = (one: Summary, other: Summary): Summary => ({
  asked: one.asked + other.asked,
  failed: one.failed + other.failed,
  events: one.events + other.events,
  changed: one.changed + other.changed,
  bad: one.bad + other.bad,
  elsewhere: one.elsewhere + other.elsewhere,
  missing: one.missing + other.missing,
});
