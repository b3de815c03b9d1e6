import type { Database } from '@whatsthecraic/platform/database';
import { findGenreIds } from '@whatsthecraic/platform/genre-names';
import { emptyPage, findPage, idsIn, type List } from '@whatsthecraic/platform/page';
import { Conditions, placeholders } from '@whatsthecraic/platform/sql';
import { addTextCondition } from '@whatsthecraic/platform/text-query';
import { z } from 'zod';
import type { Performer } from '../performers/contract.ts';
import { cursorKey, SHOWN } from './event-list.ts';
import { loadEvents } from './events.ts';

export interface PerformerSearch {
  readonly q?: string | undefined;
  readonly city?: string | undefined;
  readonly genres?: readonly string[] | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** A band has more behind it than before it; a page of its own shows these. */
const MOST_EVENTS = 50;
const MOST_GENRES = 5;

const artistRow = z.object({ id: z.int(), name: z.string() });
const idRow = z.object({ id: z.int() });
const playRow = z.object({
  artist: z.int(),
  event: z.int(),
  startsAt: z.date(),
  imageUrl: z.string().nullable(),
  position: z.int(),
});
const genreRow = z.object({ artist: z.int(), name: z.string() });

export function createPerformerStore(database: Database, now: () => Date) {
  const load = (ids: readonly number[]) => loadPerformers(database, ids, now());
  return {
    async search({ genres, ...search }: PerformerSearch) {
      const genreIds = genres && (await findGenreIds(database, genres));
      const { found, ...rest } =
        genreIds?.length === 0
          ? emptyPage
          : await findPage(database, performerList(search, genreIds, now()), load);
      return { performers: found.map(({ item }) => item), ...rest };
    },
    async find(id: number) {
      const [performer] = await load([id]);
      if (!performer) return undefined;
      const rows = await database.query(
        `SELECT e.id FROM event_artists x JOIN events e ON e.id = x.event_id
         WHERE x.artist_id = ? AND e.starts_at >= ? AND ${SHOWN}
         ORDER BY e.starts_at, e.id LIMIT ${MOST_EVENTS}`,
        [id, now()],
        idRow,
      );
      const ids = rows.map((row) => row.id);
      const events = ids.length === 0 ? [] : await loadEvents(database, ids);
      return { ...performer, events: events.sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id)) };
    },
    async follow(userId: number, artistId: number) {
      await database.run(
        `INSERT INTO artist_follows (user_id, artist_id) VALUES (?, ?)
         ON DUPLICATE KEY UPDATE artist_id = VALUES(artist_id)`,
        [userId, artistId],
      );
    },
    async unfollow(userId: number, artistId: number) {
      const sql = 'DELETE FROM artist_follows WHERE user_id = ? AND artist_id = ?';
      await database.run(sql, [userId, artistId]);
    },
    async followed(userId: number, { limit, cursor }: Pick<PerformerSearch, 'limit' | 'cursor'>) {
      const where = new Conditions();
      where.add('f.user_id = ?', userId);
      const { found, ...rest } = await findPage(
        database,
        {
          ...{ from: 'artist_follows f', id: 'f.artist_id', where, limit, cursor },
          key: { sql: 'f.followed_at', schema: cursorKey },
          descending: true,
        },
        load,
      );
      return { performers: found.map(({ item }) => item), ...rest };
    },
  };
}

/** Artists by name, those with an event to come that fits. */
export function performerList(
  { q, city, limit, cursor }: Omit<PerformerSearch, 'genres'>,
  genreIds: readonly number[] | undefined,
  now: Date,
): List {
  const where = new Conditions();
  const event = new Conditions();
  event.add(`e.starts_at >= ? AND ${SHOWN}`, now);
  if (city !== undefined) event.add('e.city = ?', city);
  if (genreIds) {
    event.add(
      `EXISTS (SELECT 1 FROM event_genres y
         WHERE y.event_id = e.id AND y.genre_id IN (${placeholders(genreIds)}))`,
      ...genreIds,
    );
  }
  where.add(
    `EXISTS (SELECT 1 FROM event_artists x JOIN events e ON e.id = x.event_id
       WHERE x.artist_id = a.id AND ${event.sql})`,
    ...event.values,
  );
  if (q !== undefined) addTextCondition(where, ['a.name'], q);
  return {
    ...{ from: 'artists a', id: 'a.id', where, limit, cursor },
    key: { sql: 'a.name', schema: z.string() },
  };
}

/** Artists as callers see them, in no order; one that is not there is left out. */
async function loadPerformers(
  database: Database,
  ids: readonly number[],
  now: Date,
): Promise<Performer[]> {
  const artists = await database.search(
    `SELECT a.id, a.name FROM artists a WHERE ${idsIn('a.id', ids)}`,
    ids,
    artistRow,
  );
  const upcoming = `event_artists x JOIN events e ON e.id = x.event_id
    WHERE ${idsIn('x.artist_id', ids)} AND e.starts_at >= ? AND ${SHOWN}`;
  const plays = await database.search(
    `SELECT x.artist_id AS artist, e.id AS event, e.starts_at AS startsAt,
       e.image_url AS imageUrl, x.position FROM ${upcoming} ORDER BY e.starts_at, e.id`,
    [...ids, now],
    playRow,
  );
  const genres = await database.search(
    `SELECT played.artist, g.name FROM (SELECT x.artist_id AS artist, e.id FROM ${upcoming}) played
     JOIN event_genres y ON y.event_id = played.id JOIN genres g ON g.id = y.genre_id
     GROUP BY played.artist, g.id, g.name ORDER BY COUNT(*) DESC, g.name`,
    [...ids, now],
    genreRow,
  );
  const playsOf = Map.groupBy(plays, ({ artist }) => artist);
  const genresOf = Map.groupBy(genres, ({ artist }) => artist);
  return artists.map(({ id, name }) => {
    const own = playsOf.get(id) ?? [];
    const headlined = own.find(({ position, imageUrl }) => position === 0 && imageUrl !== null);
    return {
      id,
      name,
      genres: (genresOf.get(id) ?? []).slice(0, MOST_GENRES).map((genre) => genre.name),
      imageUrl: headlined?.imageUrl ?? null,
      upcoming: own.length,
      nextAt: own[0]?.startsAt.toISOString() ?? null,
    };
  });
}
