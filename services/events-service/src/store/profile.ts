import type { Database } from '@whatsthecraic/platform/database';
import { findGenreIds } from '@whatsthecraic/platform/genre-names';
import { z } from 'zod';
import { artistSlug } from '../canonical/normalise.ts';
import { type Profile, strongest, WEEKDAYS } from '../feed/profile.ts';
import { placeKey } from './candidates.ts';

/** The last of somebody's saves are enough to know them by. */
const LATEST_SAVES = 80;
/** A genre of one saved gig is chance; of several it is taste. */
const SAVES_OF_A_GENRE = 2;
const MOST_FOLLOWED = 200;

/** A column that holds a list of names as JSON. */
const names = z.string().transform((text) => z.array(z.string()).parse(JSON.parse(text)));
const preferencesRow = z.object({
  ...{ genres: names, artists: names, cities: names, venues: names, djs: names },
  nights: names.pipe(z.array(z.enum(WEEKDAYS))),
  budget: z.int().nullable(),
});
const NO_PREFERENCES: z.output<typeof preferencesRow> = {
  ...{ genres: [], artists: [], cities: [], venues: [], djs: [], nights: [], budget: null },
};
const slugRow = z.object({ slug: z.string() }).transform(({ slug }) => slug);
const venueRow = z.object({ name: z.string() }).transform(({ name }) => name);
const genreRow = z.object({ id: z.int() }).transform(({ id }) => id);
const tasteRow = z.object({
  artists: z
    .string()
    .transform((text) => z.array(z.object({ name: z.string() })).parse(JSON.parse(text))),
  genres: names,
});

/** What is known of a person's taste: for their own feed, and for no model. */
export async function readProfile(database: Database, userId: number): Promise<Profile> {
  const [chosen = NO_PREFERENCES] = await database.query(
    `SELECT genres, artists, cities, venues, djs, nights, budget_max_minor AS budget
     FROM user_preferences WHERE user_id = ?`,
    [userId],
    preferencesRow,
  );
  const followed = await database.query(
    `SELECT a.slug FROM artist_follows f JOIN artists a ON a.id = f.artist_id
     WHERE f.user_id = ? ORDER BY f.followed_at DESC LIMIT ${MOST_FOLLOWED}`,
    [userId],
    slugRow,
  );
  const [listened] = await database.query(
    'SELECT artists, genres FROM spotify_tastes WHERE user_id = ?',
    [userId],
    tasteRow,
  );
  const saved = await readSaved(database, userId);
  const genreIds = async (list: readonly string[]) =>
    list.length === 0 ? [] : findGenreIds(database, list);
  const slugs = (list: readonly string[]) => list.map(artistSlug).filter((slug) => slug !== '');
  return {
    artists: strongest([
      ['followed', followed],
      ['chosen', slugs([...chosen.artists, ...chosen.djs])],
      ['saved', saved.artists],
      ['listened', slugs(listened?.artists.map(({ name }) => name) ?? [])],
    ]),
    venues: strongest([
      ['chosen', chosen.venues.map(placeKey)],
      ['saved', saved.venues.map(placeKey)],
    ]),
    venueNames: [...new Set([...chosen.venues, ...saved.venues])],
    genres: strongest([
      ['chosen', await genreIds(chosen.genres)],
      ['saved', saved.genres],
      ['listened', await genreIds(listened?.genres ?? [])],
    ]),
    cities: new Set(chosen.cities.map(placeKey)),
    nights: new Set(chosen.nights),
    budget: chosen.budget,
  };
}

async function readSaved(database: Database, userId: number) {
  const latest = `(SELECT event_id FROM event_saves WHERE user_id = ?
    ORDER BY saved_at DESC LIMIT ${LATEST_SAVES}) latest`;
  const read = <T>(sql: string, row: { parse(it: unknown): T }) =>
    database.query(sql, [userId], row);
  return {
    artists: await read(
      `SELECT DISTINCT a.slug FROM ${latest} JOIN event_artists x ON x.event_id = latest.event_id
       JOIN artists a ON a.id = x.artist_id`,
      slugRow,
    ),
    venues: await read(
      `SELECT DISTINCT v.name FROM ${latest} JOIN events e ON e.id = latest.event_id
       JOIN venues v ON v.id = e.venue_id`,
      venueRow,
    ),
    genres: await read(
      `SELECT x.genre_id AS id FROM ${latest} JOIN event_genres x ON x.event_id = latest.event_id
       GROUP BY x.genre_id HAVING COUNT(*) >= ${SAVES_OF_A_GENRE}`,
      genreRow,
    ),
  };
}
