import type { Connection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import { DatabaseCommandError } from '../errors.ts';
import { SEED_DOMAIN, type SeedData } from './make-data.ts';

export type Counts = Readonly<Record<'venues' | 'djs' | 'events' | 'users' | 'saves', number>>;

/** Writes the data in one transaction; run again it refreshes the same rows, which keep their ids. */
export async function sow(
  connection: Connection,
  data: SeedData,
  passwordHash: string,
): Promise<Counts> {
  await connection.query("SET SESSION time_zone = '+00:00'");
  await connection.beginTransaction();
  try {
    await requireOwnUsers(connection);
    await sowRows(connection, data, passwordHash);
    await connection.commit();
  } catch (error) {
    await connection.rollback().catch(() => {});
    throw error;
  }
  const { venues, djs, events, users, saves } = data;
  return {
    venues: venues.length,
    djs: djs.length,
    events: events.length,
    users: users.length,
    saves: saves.length,
  };
}

/** Real accounts mean a real database, where invented gigs and a known password have no place. */
async function requireOwnUsers(connection: Connection): Promise<void> {
  const [rows] = await connection.query<RowDataPacket[]>(
    'SELECT COUNT(*) AS others FROM users WHERE email NOT LIKE ?',
    [`%@${SEED_DOMAIN}`],
  );
  const others = Number(rows[0]?.others);
  if (others === 0) return;
  throw new DatabaseCommandError(
    'SEED_REFUSED',
    `the database holds ${others} accounts that are not of @${SEED_DOMAIN}: it is in use, and ` +
      'synthetic data goes only into one of its own; name another with DB_NAME',
  );
}

async function sowRows(connection: Connection, data: SeedData, passwordHash: string) {
  const { venues, djs, events, users, saves } = data;
  const genreIds = await idsBy(connection, 'SELECT slug AS name, id FROM genres');

  const points = venues.map((it) => `POINT(${it.longitude} ${it.latitude})`);
  await upsertVenues(connection, data, points);
  await upsert(
    connection,
    'djs',
    ['slug', 'name', 'bio', 'city', 'fee_minor'],
    djs.map((it) => [it.slug, it.name, it.bio, it.city, it.feeMinor]),
  );
  await upsert(
    connection,
    'users',
    ['email', 'name', 'password_hash'],
    users.map((it) => [it.email, it.name, passwordHash]),
  );
  const venueIds = await idsBy(connection, 'SELECT slug AS name, id FROM venues');
  const djIds = await idsBy(connection, 'SELECT slug AS name, id FROM djs');
  await upsert(
    connection,
    'events',
    [
      'uid',
      'title',
      'description',
      'starts_at',
      'ends_at',
      'city',
      'venue_id',
      'status',
      'price_min_minor',
      'price_max_minor',
      'currency',
      'age_min',
      'ticket_url',
    ],
    events.map((it) => [
      it.uid,
      it.title,
      it.description,
      it.startsAt,
      it.endsAt,
      it.city,
      idOf(venueIds, it.venueSlug),
      it.status,
      it.priceMinMinor,
      it.priceMaxMinor,
      it.currency,
      it.ageMin,
      it.ticketUrl,
    ]),
  );
  const eventIds = await idsBy(connection, 'SELECT uid AS name, id FROM events');
  await sowPlaces(
    connection,
    events.map(({ uid }) => idOf(eventIds, uid)),
  );
  const userIds = await idsBy(connection, 'SELECT email AS name, id FROM users');

  const genreRows = (ids: Map<string, number>, name: string, own: readonly string[]) =>
    own.map((genre) => [idOf(ids, name), idOf(genreIds, genre)]);
  const links = [
    ['venue', venues.flatMap((it) => genreRows(venueIds, it.slug, it.genres))],
    ['dj', djs.flatMap((it) => genreRows(djIds, it.slug, it.genres))],
    ['event', events.flatMap((it) => genreRows(eventIds, it.uid, it.genres))],
  ] as const;
  for (const [kind, rows] of links) {
    await replaceLinks(connection, `${kind}_genres`, `${kind}_id`, 'genre_id', rows);
  }
  const saveRows = saves.map((it) => [idOf(userIds, it.email), idOf(eventIds, it.uid)]);
  await insertIgnore(connection, 'event_saves', ['user_id', 'event_id'], saveRows);
}

type Row = readonly (string | number | Date | null)[];

async function upsert(connection: Connection, table: string, columns: string[], rows: Row[]) {
  const updates = columns.map((column) => `${column} = VALUES(${column})`).join(', ');
  await connection.query<ResultSetHeader>(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES ? ON DUPLICATE KEY UPDATE ${updates}`,
    [rows],
  );
}

async function upsertVenues(connection: Connection, { venues }: SeedData, points: string[]) {
  const one = '(?, ?, ?, ?, ?, ST_GeomFromText(?))';
  await connection.query<ResultSetHeader>(
    `INSERT INTO venues (slug, name, address, city, capacity, position)
       VALUES ${venues.map(() => one).join(', ')}
       ON DUPLICATE KEY UPDATE name = VALUES(name), address = VALUES(address),
       city = VALUES(city), capacity = VALUES(capacity), position = VALUES(position)`,
    venues.flatMap((it, index) => [
      it.slug,
      it.name,
      it.address,
      it.city,
      it.capacity,
      points[index] ?? null,
    ]),
  );
}

/** What is near is found by the place of an event, here its venue's. */
async function sowPlaces(connection: Connection, eventIds: readonly number[]): Promise<void> {
  await connection.query(
    `INSERT INTO event_places (event_id, venue_name, position)
       SELECT e.id, v.name, v.position FROM events e JOIN venues v ON v.id = e.venue_id
       WHERE e.id IN (?)
       ON DUPLICATE KEY UPDATE venue_name = VALUES(venue_name), position = VALUES(position)`,
    [eventIds],
  );
}

/** Only rows of the seeded owners are replaced; those of others stay. */
async function replaceLinks(
  connection: Connection,
  table: string,
  owner: string,
  target: string,
  rows: readonly (readonly number[])[],
): Promise<void> {
  const owners = [...new Set(rows.map(([id]) => id))];
  await connection.query(`DELETE FROM ${table} WHERE ${owner} IN (?)`, [owners]);
  await connection.query(`INSERT INTO ${table} (${owner}, ${target}) VALUES ?`, [rows]);
}

async function insertIgnore(connection: Connection, table: string, columns: string[], rows: Row[]) {
  const [first = ''] = columns;
  await connection.query(
    `INSERT INTO ${table} (${columns.join(', ')}) VALUES ? ON DUPLICATE KEY UPDATE ${first} = VALUES(${first})`,
    [rows],
  );
}

async function idsBy(connection: Connection, sql: string): Promise<Map<string, number>> {
  const [rows] = await connection.query<RowDataPacket[]>(sql);
  return new Map(rows.map(({ name, id }) => [String(name), Number(id)]));
}

function idOf(ids: ReadonlyMap<string, number>, name: string): number {
  const id = ids.get(name);
  if (id === undefined) throw new Error(`nothing is called ${name}; are all migrations applied?`);
  return id;
}
