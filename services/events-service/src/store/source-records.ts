import { createHash } from 'node:crypto';
import type { Database, Queries } from '@whatsthecraic/platform/database';
import { placeholders } from '@whatsthecraic/platform/sql';
import { z } from 'zod';
import { type SourceEvent, type SourceRecord, sourceEvent } from '../canonical/source-event.ts';
import type { TimeWindow } from '../domain/time-window.ts';
import { nightOf } from '../domain/venue-time.ts';

/** After so many complete answers without it a row counts as gone: one answer may be incomplete. */
const GONE_AFTER = 2;

const knownRow = z.object({
  id: z.int(),
  sourceId: z.string(),
  digest: z.string(),
  startsAt: z.date(),
  city: z.string(),
  night: z.string(),
  missed: z.int(),
  eventId: z.int().nullable(),
});

/** Writes what a source said; gives back how many rows are new or other than before. */
export const saveRecords = (database: Database, ...saved: Saved): Promise<number> =>
  database.transaction((queries) => saveRecordsIn(queries, ...saved));

type Saved = [scope: string, events: readonly SourceEvent[], now: Date];

/** The same in the transaction of whoever asks. */
export async function saveRecordsIn(
  queries: Queries,
  ...[scope, events, now]: Saved
): Promise<number> {
  const bySourceId = new Map(events.map((event) => [event.sourceId, event]));
  const [first] = events;
  if (!first) return 0;
  const known = await queries.search(
    `SELECT id, source_id AS sourceId, digest, starts_at AS startsAt, missed, event_id AS eventId,
       city, DATE_FORMAT(night, '%Y-%m-%d') AS night
     FROM event_sources WHERE source = ? AND source_id IN (${placeholders([...bySourceId])})
     ORDER BY id FOR UPDATE`,
    [first.source, ...bySourceId.keys()],
    knownRow,
  );
  const before = new Map(known.map((row) => [row.sourceId, row]));
  const rows = [...bySourceId.values()].map((event) => toRow(event, before.get(event.sourceId)));
  const changed = rows.filter((row) => row.isChanged);
  await seeAgain(queries, known, now);
  await insert(queries, scope, changed, now);
  // Where it was, the others have to be looked at again too.
  const left = changed.flatMap(({ leaves }) => (leaves === undefined ? [] : [leaves]));
  if (left.length > 0) {
    await queries.run(
      `UPDATE event_sources SET pending = 1 WHERE event_id IN (${placeholders(left)})`,
      left,
    );
  }
  for (const { parts } of changed) if (parts !== undefined) await part(queries, parts);
  return changed.length;
}

type Known = z.output<typeof knownRow>;

function toRow(event: SourceEvent, known: Known | undefined) {
  const fields = JSON.stringify(event);
  const digest = createHash('sha256').update(fields).digest('base64url');
  const night = nightOf(event.startsAt, event.hasTime);
  const moved = known !== undefined && known.startsAt.getTime() !== event.startsAt.getTime();
  const elsewhere = known !== undefined && known.city !== event.city;
  return {
    isChanged: known?.digest !== digest,
    leaves: (moved || elsewhere) && known.eventId !== null ? known.eventId : undefined,
    parts: elsewhere ? known : undefined,
    source: event.source,
    sourceId: event.sourceId,
    city: event.city,
    night,
    startsAt: sqlTime(event.startsAt),
    formerNight: moved ? known.night : null,
    formerStartsAt: moved ? sqlTime(known.startsAt) : null,
    fields,
    digest,
  };
}

/** Nights of two cities are never looked at together: a row that goes leaves its event to those that stay. */
async function part(queries: Queries, { id, eventId }: Known): Promise<void> {
  if (eventId === null) return;
  const others = await queries.query(
    'SELECT id FROM event_sources WHERE event_id = ? AND id <> ? LIMIT 1',
    [eventId, id],
    z.object({ id: z.int() }),
  );
  if (others.length > 0) {
    await queries.run('UPDATE event_sources SET event_id = NULL WHERE id = ?', [id]);
  }
}

/** A row that its source, or its keeper, has no more. */
export async function markGone(
  queries: Queries,
  { source, sourceId }: Pick<SourceEvent, 'source' | 'sourceId'>,
): Promise<void> {
  await queries.run(
    'UPDATE event_sources SET missed = ?, pending = 1 WHERE source = ? AND source_id = ?',
    [GONE_AFTER, source, sourceId],
  );
}

/** One that was counted as gone is back. */
async function seeAgain(queries: Queries, known: readonly Known[], now: Date): Promise<void> {
  if (known.length === 0) return;
  const ids = known.map(({ id }) => id);
  await queries.run(
    `UPDATE event_sources SET last_seen_at = ?, pending = IF(missed >= ?, 1, pending), missed = 0
     WHERE id IN (${placeholders(ids)})`,
    [now, GONE_AFTER, ...ids],
  );
}

/** All rows in one statement of fixed text. */
async function insert(
  queries: Queries,
  scope: string,
  rows: readonly ReturnType<typeof toRow>[],
  now: Date,
): Promise<void> {
  if (rows.length === 0) return;
  await queries.run(
    `INSERT INTO event_sources (source, source_id, scope, city, night, starts_at, former_night,
       former_starts_at, fields, digest, first_seen_at, last_seen_at)
     SELECT source, sourceId, ?, city, night, startsAt, formerNight, formerStartsAt, fields, digest, ?, ?
     FROM JSON_TABLE(?, '$[*]' COLUMNS (
       source VARCHAR(16) PATH '$.source', sourceId VARCHAR(255) PATH '$.sourceId',
       city VARCHAR(64) PATH '$.city', night DATE PATH '$.night',
       startsAt DATETIME(3) PATH '$.startsAt', formerNight DATE PATH '$.formerNight',
       formerStartsAt DATETIME(3) PATH '$.formerStartsAt', fields MEDIUMTEXT PATH '$.fields',
       digest CHAR(43) PATH '$.digest')) found
     ON DUPLICATE KEY UPDATE scope = VALUES(scope), city = VALUES(city), night = VALUES(night),
       starts_at = VALUES(starts_at),
       former_night = COALESCE(VALUES(former_night), former_night),
       former_starts_at = COALESCE(VALUES(former_starts_at), former_starts_at),
       fields = VALUES(fields), digest = VALUES(digest), pending = 1`,
    [scope, now, now, JSON.stringify(rows)],
  );
}

/** After a complete answer: what it should have held and did not. Gives back how many are gone now. */
export async function countMissing(
  database: Database,
  source: string,
  scope: string,
  { from, to }: TimeWindow,
  startedAt: Date,
): Promise<number> {
  const among = `source = ? AND scope = ? AND starts_at >= ? AND starts_at < ? AND last_seen_at < ?`;
  const values = [source, scope, from, to, startedAt];
  return database.transaction(async (queries) => {
    await queries.run(
      `UPDATE event_sources SET missed = missed + 1 WHERE ${among} AND missed < ?`,
      [...values, GONE_AFTER],
    );
    const gone = await queries.run(
      `UPDATE event_sources SET pending = 1, missed = missed + 1 WHERE ${among} AND missed = ?`,
      [...values, GONE_AFTER],
    );
    return gone.affectedRows;
  });
}

const recordRow = z
  .object({
    id: z.int(),
    eventId: z.int().nullable(),
    formerStartsAt: z.date().nullable(),
    missed: z.int(),
    fields: z.string(),
  })
  .transform(
    ({ fields, missed, ...rest }): SourceRecord => ({
      ...sourceEvent.parse(JSON.parse(fields)),
      ...rest,
      isGone: missed >= GONE_AFTER,
    }),
  );

const COLUMNS = `id, event_id AS eventId, former_starts_at AS formerStartsAt, missed, fields`;

/** The rows of some nights in a city, moved ones where they are and where they were. */
export const recordsOf = (queries: Queries, city: string, nights: readonly string[]) =>
  queries.search(
    `SELECT ${COLUMNS} FROM event_sources
     WHERE city = ? AND (night IN (${placeholders(nights)}) OR former_night IN (${placeholders(nights)}))
     ORDER BY id`,
    [city, ...nights, ...nights],
    recordRow,
  );

/** The rows that an event is made of. */
export const recordsOfEvent = (queries: Queries, eventId: number) =>
  queries.query(
    `SELECT ${COLUMNS} FROM event_sources WHERE event_id = ? ORDER BY id`,
    [eventId],
    recordRow,
  );

/** One row by what names it in its source. */
export async function findRecord(
  queries: Queries,
  { source, sourceId }: Pick<SourceEvent, 'source' | 'sourceId'>,
): Promise<SourceRecord | undefined> {
  const [record] = await queries.query(
    `SELECT ${COLUMNS} FROM event_sources WHERE source = ? AND source_id = ?`,
    [source, sourceId],
    recordRow,
  );
  return record;
}

export const sqlTime = (moment: Date) => moment.toISOString().slice(0, 23).replace('T', ' ');
