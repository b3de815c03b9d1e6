import type { Connection } from 'mysql2/promise';
import { HISTORY_END, type historyOf } from './recommendations-history.ts';

/** Writes a history into a migrated database, its end being now; what people did as feedback. */
export async function fillHistory(
  admin: Connection,
  { events, actions }: ReturnType<typeof historyOf>,
  people: number,
): Promise<void> {
  const insert = async (table: string, columns: string[], rows: readonly unknown[][]) => {
    for (let from = 0; from < rows.length; from += 5_000) {
      const some = rows.slice(from, from + 5_000);
      // A twin, such as an artist who stands twice in a line-up, is one row; anything else is an error.
      await admin.query(
        `INSERT INTO ${table} (${columns.join(', ')}) VALUES ? ON DUPLICATE KEY UPDATE ${columns[0]} = ${columns[0]}`,
        [some],
      );
    }
  };
  const users = Array.from({ length: people }, (_, i) => [
    ...[i + 1, `u${i}@example.com`, 'U', '$none$of-a-bench'],
  ]);
  await insert('users', ['id', 'email', 'name', 'password_hash'], users);
  const [known] = await admin.query('SELECT name FROM cities ORDER BY name');
  const cities = (known as { name: string }[]).map(({ name }) => name);
  const numberOf = (text = '') => Number(/\d+$/.exec(text)?.[0]);
  const shift = Date.now() - HISTORY_END;
  const date = (at: number) => new Date(at + shift);
  await insert(
    'events',
    ['id', 'uid', 'title', 'city', 'starts_at', 'created_at', 'price_min_minor', 'currency'],
    events.map((it) => [
      ...[it.id, `e${it.id}`, 'x', cities[numberOf(it.city) % cities.length]],
      ...[date(it.startsAt), date(it.announcedAt), it.price, 'EUR'],
    ]),
  );
  const artists = [...new Set(events.flatMap((it) => it.artists))];
  const artistId = new Map(artists.map((name, i) => [name, i + 1]));
  await insert(
    'artists',
    ['id', 'slug', 'name'],
    artists.map((name, i) => [i + 1, `a${i}`, name]),
  );
  await insert(
    'event_artists',
    ['event_id', 'artist_id', 'position'],
    events.flatMap((it) => it.artists.map((name, i) => [it.id, artistId.get(name), i + 1])),
  );
  const [genres] = await admin.query('SELECT id FROM genres ORDER BY id');
  const genreIds = (genres as { id: number }[]).map(({ id }) => id);
  await insert(
    'event_genres',
    ['event_id', 'genre_id'],
    events.map((it) => [it.id, genreIds[numberOf(it.genres[0]) % genreIds.length]]),
  );
  await insert(
    'feedback',
    ['user_id', 'event_id', 'action', 'at'],
    Array.from(actions, (it) => [it.user, it.event, it.kind, date(it.at)]),
  );
}
