import type { Connection, ResultSetHeader } from 'mysql2/promise';

const PEOPLE = 24;
const PAST = 60;
const COMING = 30;
const DAY_MS = 86_400_000;
/** Numbers of `genres`: whoever likes one saves nothing of the other. */
const GENRES = [6, 13] as const;
const MARK = 'drill-';

const daysFromNow = (days: number) => new Date(Date.now() + days * DAY_MS);

/**
 * People in two camps and what they saved in two months, so that a model which has learned anything is
 * better than popularity; gives back the number of one of them.
 */
export async function inventTastes(database: Connection): Promise<number> {
  await forgetTastes(database);
  const people: number[] = [];
  for (let n = 0; n < PEOPLE; n++) {
    const row = {
      email: `${MARK}${n}@example.com`,
      name: 'Somebody',
      password_hash: '$argon2id$none',
    };
    people.push(await insert(database, 'users', row));
  }
  for (let n = 0; n < PAST + COMING; n++) {
    // One a day, the camps by turns.
    const starts = n - PAST + 1;
    const camp = n % GENRES.length;
    const event = await insert(database, 'events', {
      ...{ uid: `${MARK}${n}`, title: `Night ${n}`, city: 'Cork' },
      ...{ starts_at: daysFromNow(starts), created_at: daysFromNow(starts - 40) },
    });
    await insert(database, 'event_genres', { event_id: event, genre_id: GENRES[camp] });
    const savedAt = daysFromNow(Math.min(starts - 2, -0.5 - (n % 7)));
    for (const [index, user_id] of people.entries()) {
      // Each goes to half of what is theirs.
      if (index % GENRES.length !== camp || (index + n) % 4 > 1) continue;
      await insert(database, 'event_saves', { user_id, event_id: event, saved_at: savedAt });
    }
  }
  return people[0] ?? 0;
}

export async function forgetTastes(database: Connection): Promise<void> {
  await database.query('DELETE FROM training_requests');
  await database.query('DELETE FROM events WHERE uid LIKE ?', [`${MARK}%`]);
  await database.query('DELETE FROM users WHERE email LIKE ?', [`${MARK}%`]);
}

async function insert(database: Connection, table: string, row: object): Promise<number> {
  const [{ insertId }] = await database.query<ResultSetHeader>('INSERT INTO ?? SET ?', [
    table,
    row,
  ]);
  return insertId;
}
