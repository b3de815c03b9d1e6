import { createHash } from 'node:crypto';
import type { Database, Queries } from '@whatsthecraic/platform/database';
import { InvalidRequest } from '@whatsthecraic/platform/errors';
import { genreSlug } from '@whatsthecraic/platform/genre-names';
import { once } from '@whatsthecraic/platform/idempotency';
import { findPage, idsIn } from '@whatsthecraic/platform/page';
import { Conditions } from '@whatsthecraic/platform/sql';
import { z } from 'zod';
import { type Alert, alert, type NewAlert } from '../alerts/contract.ts';
import { artistSlug } from '../canonical/normalise.ts';
import { AlertNotFound, TooManyAlerts, UnknownUnsubscribeLink } from '../errors.ts';
import { cursorKey } from './event-list.ts';
import { loadEvents } from './events.ts';

/** More than anybody reads mails of. */
const MOST_ALERTS = 50;

interface PageQuery {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

const SELECT = `SELECT a.id, NULLIF(a.artist_name, '') AS artist, g.name AS genre,
  NULLIF(a.city, '') AS city, NULLIF(a.radius_km, 0) AS radiusKm, a.created_at AS createdAt,
  a.paused_at IS NOT NULL AS paused
  FROM alerts a LEFT JOIN genres g ON g.id = a.genre_id`;
const alertRow = alert
  .extend({ createdAt: z.date(), paused: z.int().transform(Boolean) })
  .transform(({ createdAt, ...rest }): Alert => ({ ...rest, createdAt: createdAt.toISOString() }));
const idRow = z.object({ id: z.int() });
const nameRow = z.object({ name: z.string() });
const countRow = z.object({ count: z.coerce.number() });

export const createAlertStore = (database: Database) => ({
  create(userId: number, asked: NewAlert, key: string | undefined) {
    const claim = { owner: `user:${userId}`, operation: 'alert', key, request: asked };
    return database.transaction((queries) =>
      once(queries, claim, alert, async () => {
        await queries.query('SELECT id FROM users WHERE id = ? FOR UPDATE', [userId], idRow);
        return insert(queries, userId, asked);
      }),
    );
  },
  async list(userId: number, { limit, cursor }: PageQuery) {
    const where = new Conditions();
    where.add('a.user_id = ?', userId);
    const { found, ...rest } = await findPage(
      database,
      {
        ...{ from: 'alerts a', id: 'a.id', where, limit, cursor, descending: true },
        key: { sql: 'a.id', schema: z.int().positive() },
      },
      (ids) => database.search(`${SELECT} WHERE ${idsIn('a.id', ids)}`, ids, alertRow),
    );
    return { alerts: found.map(({ item }) => item), ...rest };
  },
  async remove(userId: number, id: number) {
    const sql = 'DELETE FROM alerts WHERE id = ? AND user_id = ?';
    const { affectedRows } = await database.run(sql, [id, userId]);
    if (affectedRows === 0) throw new AlertNotFound(id);
  },
  async notifications(userId: number, { limit, cursor }: PageQuery) {
    const where = new Conditions();
    where.add('n.user_id = ?', userId);
    const { found, ...rest } = await findPage(
      database,
      {
        ...{ from: 'alert_notices n', id: 'n.event_id', where, limit, cursor, descending: true },
        key: { sql: 'n.found_at', schema: cursorKey },
      },
      (ids) => noticesOf(database, userId, ids),
    );
    return {
      notifications: found.map(({ item: { id: _, ...notice } }) => notice),
      ...rest,
    };
  },
  async unsubscribe(token: string) {
    const hash = createHash('sha256').update(token).digest();
    const [found] = await database.query(
      'SELECT user_id AS id FROM alert_unsubscribes WHERE token_hash = ? AND expires_at > NOW(3)',
      [hash],
      idRow,
    );
    if (!found) throw new UnknownUnsubscribeLink();
    const sql = 'UPDATE alerts SET paused_at = NOW(3) WHERE user_id = ? AND paused_at IS NULL';
    await database.run(sql, [found.id]);
  },
});

async function insert(queries: Queries, userId: number, asked: NewAlert): Promise<Alert> {
  const { artist = '', radiusKm = 0 } = asked;
  const [genre] = asked.genre === undefined ? [] : await findGenre(queries, asked.genre);
  const [city] = asked.city === undefined ? [] : await findCity(queries, asked.city);
  if (asked.genre !== undefined && !genre) throw unknown('genre');
  if (asked.city !== undefined && !city) throw unknown('city');
  const [{ count } = { count: 0 }] = await queries.query(
    'SELECT COUNT(*) AS count FROM alerts WHERE user_id = ?',
    [userId],
    countRow,
  );
  if (count >= MOST_ALERTS) throw new TooManyAlerts(MOST_ALERTS);
  const slug = artist === '' ? '' : artistSlug(artist);
  const { insertId } = await queries.run(
    `INSERT INTO alerts (user_id, artist_slug, artist_name, genre_id, city, radius_km, created_at, checked_at)
     VALUES (?, ?, ?, ?, ?, ?, NOW(3), NOW(3))
     ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id), paused_at = NULL`,
    [userId, slug, artist, genre?.id ?? 0, city?.name ?? '', radiusKm],
  );
  const [made] = await queries.query(`${SELECT} WHERE a.id = ?`, [insertId], alertRow);
  if (!made) throw new Error(`alert ${insertId} is gone`);
  return made;
}

const findGenre = (queries: Queries, genre: string) =>
  queries.query(
    'SELECT id FROM genres WHERE name = ? OR slug = ?',
    [genre, genreSlug(genre)],
    idRow,
  );
const findCity = (queries: Queries, city: string) =>
  queries.query('SELECT name FROM cities WHERE name = ?', [city], nameRow);

const unknown = (field: 'genre' | 'city') =>
  new InvalidRequest([{ field: `body.${field}`, message: `there is no such ${field} here` }]);

const noticeRow = z.object({
  id: z.int(),
  alertId: z.int().nullable(),
  foundAt: z.date(),
  mailedAt: z.date().nullable(),
});

async function noticesOf(database: Database, userId: number, ids: readonly number[]) {
  const events = new Map((await loadEvents(database, ids)).map((event) => [event.id, event]));
  const rows = await database.search(
    `SELECT n.event_id AS id, n.alert_id AS alertId, n.found_at AS foundAt, n.told_at AS mailedAt
     FROM alert_notices n WHERE n.user_id = ? AND ${idsIn('n.event_id', ids)}`,
    [userId, ...ids],
    noticeRow,
  );
  return rows.flatMap(({ id, alertId, foundAt, mailedAt }) => {
    const event = events.get(id);
    const times = { foundAt: foundAt.toISOString(), mailedAt: mailedAt?.toISOString() ?? null };
    return event ? [{ id, event, alertId, ...times }] : [];
  });
}
