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
  night: z.string(),
  missed: z.int(),
  eventId: z.int().nullable(),
});

/** Writes what a source said; gives back how many rows are new or other than before. */
export async function saveRecords(
  database: Database,
  scope: string,
  events: readonly SourceEvent[],
  now: Date,
): Promise<number> {
  const bySourceId = new Map(events.map((event) => [event.sourceId, event]));
  const [first] = events;
  if (!first) return 0;
  return database.transaction(async (queries) => {
    const known = await queries.search(
      `SELECT id, source_id AS sourceId, digest, starts_at AS startsAt, missed, event_id AS eventId,
         DATE_FORMAT(night, '%Y-%m-%d') AS night
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
    return changed.length;
  });
}

type Known = z.output<typeof knownRow>;

function toRow(event: SourceEvent, known: Known | undefined) {
  const fields = JSON.stringify(event);
  const digest = createHash('sha256').update(fields).digest('base64url');
  const night = nightOf(event.startsAt, event.hasTime);
  const moved = known !== undefined && known.startsAt.getTime() !== event.startsAt.getTime();
  return {
    isChanged: known?.digest !== digest,
    leaves: moved && known.eventId !== null ? known.eventId : undefined,
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

export const sqlTime = (moment: Date) => moment.toISOString().slice(0, 23).replace('T', ' ');
