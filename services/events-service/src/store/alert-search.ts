import type { Database } from '@whatsthecraic/platform/database';
import { placeholders } from '@whatsthecraic/platform/sql';
import { z } from 'zod';
import { SHOWN } from './event-list.ts';
import { notMarked } from './marked.ts';

/** Alerts that are looked at in one statement. */
const AT_ONCE = 200;
const dueRow = z.object({ id: z.int(), isOfArtist: z.int().transform(Boolean), since: z.date() });
const nowRow = z.object({ now: z.date() });

/** Within the place of an alert: its city, or a circle around it. */
const AT_PLACE = `(a.city = '' OR (a.radius_km = 0 AND e.city = a.city) OR (a.radius_km > 0 AND EXISTS (
    SELECT 1 FROM cities c JOIN event_places p ON p.event_id = e.id
    WHERE c.name = a.city AND ST_Distance_Sphere(c.position, p.position) <= a.radius_km * 1000)))`;
const OF_GENRE = `(a.genre_id = 0 OR EXISTS (SELECT 1 FROM event_genres x JOIN genres g ON g.id = x.genre_id
    WHERE x.event_id = e.id AND (g.id = a.genre_id OR g.parent_id = a.genre_id)))`;
const INTO = `INSERT IGNORE INTO alert_notices (user_id, event_id, alert_id, found_at)
  SELECT a.user_id, e.id, a.id, NOW(3) FROM alerts a`;
const LOOKS_BACK_TO = 'GREATEST(a.created_at, a.checked_at - INTERVAL 1 HOUR)';
/** To come, on, and neither hidden nor saved by whoever is to be told. */
const NEWS = `e.starts_at > NOW(3) AND ${SHOWN}
  AND ${notMarked('hide', 'a.user_id')} AND ${notMarked('save', 'a.user_id')}`;

/** Of an artist all that is to come is news, whenever it was announced: there are few. */
const OF_ARTISTS = `${INTO} JOIN artists p ON p.slug = a.artist_slug
  JOIN event_artists y ON y.artist_id = p.id JOIN events e ON e.id = y.event_id
  WHERE a.id IN (#) AND ${NEWS} AND ${AT_PLACE} AND ${OF_GENRE}`;

/**
 * Of a genre what was announced since the last look, and in the hour before it: what another
 * transaction was writing then was not to be seen. The row of the notice keeps it from being told twice.
 * The first bound is that of the alert that looks back farthest: of many alerts no server finds it itself,
 * and would look through all events for each.
 */
const OF_GENRES = `${INTO} JOIN events e ON e.created_at >= ? AND e.created_at >= ${LOOKS_BACK_TO}
  WHERE a.id IN (#) AND ${NEWS} AND ${AT_PLACE} AND ${OF_GENRE}`;

/** Notes each event that is new for somebody's alerts, once a person; gives back how many. */
export async function findNotices(database: Database, signal: AbortSignal): Promise<number> {
  let found = 0;
  for (let after = 0; ; ) {
    signal.throwIfAborted();
    const due = await database.query(
      `SELECT a.id, a.artist_slug <> '' AS isOfArtist, ${LOOKS_BACK_TO} AS since FROM alerts a
       WHERE a.id > ? AND a.paused_at IS NULL ORDER BY a.id LIMIT ${AT_ONCE}`,
      [after],
      dueRow,
    );
    if (due.length === 0) return found;
    const [{ now } = { now: new Date() }] = await database.query(
      'SELECT NOW(3) AS now',
      [],
      nowRow,
    );
    for (const [isOfArtist, statement] of [
      [true, OF_ARTISTS],
      [false, OF_GENRES],
    ] as const) {
      const these = due.filter((it) => it.isOfArtist === isOfArtist);
      if (these.length === 0) continue;
      const ids = these.map(({ id }) => id);
      const list = placeholders(ids);
      const since = new Date(Math.min(...these.map((it) => it.since.getTime())));
      const values = isOfArtist ? ids : [since, ...ids];
      found += (await database.run(statement.replace('#', list), values)).affectedRows;
      await database.run(`UPDATE alerts SET checked_at = ? WHERE id IN (${list})`, [now, ...ids]);
    }
    after = due.at(-1)?.id ?? after;
  }
}
