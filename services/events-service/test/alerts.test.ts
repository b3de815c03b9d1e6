import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '@whatsthecraic/platform/database';
import { createLog } from '@whatsthecraic/platform/log';
import test, { type ExecutionContext } from 'ava';
import { startAuth } from '../../auth-service/test/helpers/auth.ts';
import { testMail } from '../../auth-service/test/helpers/mail-config.ts';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { type SignedIn, signIn } from '../../platform/test/helpers/sign-in.ts';
import { until } from '../../platform/test/helpers/start.ts';
import { runAlerts } from '../src/alerts/run.ts';
import { artistSlug } from '../src/canonical/normalise.ts';
import { startEvents } from './helpers/start-events.ts';

const server = useDatabase(test);
const HOUR = 3_600_000;

interface Notification {
  readonly event: { id: number; title: string };
  readonly alertId: number | null;
  readonly mailedAt: string | null;
}

/** The command's own work, as often as a test likes. */
function open(t: ExecutionContext) {
  const lines: string[] = [];
  const destination = { write: (line: string) => void lines.push(line) };
  const log = createLog({ service: 'alerts', level: 'info', destination });
  const database = openDatabase({ config: server().config, log });
  t.teardown(() => database.close());
  const { signal } = new AbortController();
  return { lines, run: () => runAlerts({ database, log, signal }) };
}

/** What one test has left is no news for the next. */
async function begin(t: ExecutionContext) {
  for (const table of ['alert_notices', 'alerts', 'mail_outbox', 'event_artists', 'events']) {
    await server().admin.query(`DELETE FROM ${table}`);
  }
  const events = await startEvents(t, server());
  const person = await confirmed();
  const ask = (body: object, { headers } = person, more = {}) =>
    events.call('POST', '/v1/alerts', { ...headers, ...more }, body);
  const found = async ({ headers } = person) =>
    (await events.json<{ notifications: Notification[] }>('/v1/alerts/notifications', headers))
      .notifications;
  const titles = async (who = person) => (await found(who)).map(({ event }) => event.title).sort();
  return { ...events, ...open(t), person, ask, found, titles };
}

async function confirmed(): Promise<SignedIn> {
  const person = await signIn(server());
  const sql = 'UPDATE users SET email_confirmed_at = NOW(3) WHERE id = ?';
  await server().admin.query(sql, [person.id]);
  return person;
}

let made = 0;
async function announce(
  title: string,
  city: string,
  {
    artist,
    genre,
    at,
    ...row
  }: { artist?: string; genre?: number; at?: [number, number]; [column: string]: unknown } = {},
) {
  made += 1;
  const event_id = await server().insert('events', {
    ...{ uid: `alert-${made}`, title, city, starts_at: new Date(Date.now() + made * HOUR) },
    ...row,
  });
  if (artist) {
    await server().admin.query('INSERT IGNORE INTO artists (slug, name) VALUES (?, ?)', [
      ...[artistSlug(artist), artist],
    ]);
    await server().admin.query(
      `INSERT INTO event_artists (event_id, artist_id, position)
       SELECT ?, id, 0 FROM artists WHERE slug = ?`,
      [event_id, artistSlug(artist)],
    );
  }
  if (genre) await server().insert('event_genres', { event_id, genre_id: genre });
  if (at) {
    await server().admin.query(
      'INSERT INTO event_places (event_id, position) VALUES (?, ST_GeomFromText(?))',
      [event_id, `POINT(${at[1]} ${at[0]})`],
    );
  }
  return event_id;
}

const waiting = async () => {
  const [rows] = (await server().admin.query(
    "SELECT recipient, data FROM mail_outbox WHERE state = 'waiting' ORDER BY id",
  )) as unknown as [{ recipient: string; data: string }[]];
  return rows;
};

test.serial(
  '7.B-17 alerts – asked for twice – are one, and what makes no sense is refused by field',
  async (t) => {
    const { ask, json, call, person } = await begin(t);
    const wish = { artist: 'Lankum', city: 'cork', radiusKm: 30 };
    const [first, second] = [await ask(wish), await ask(wish)];
    t.deepEqual([first.status, second.status], [201, 201]);
    const alert = (await first.json()) as { id: number };
    t.like(alert, { artist: 'Lankum', genre: null, city: 'Cork', radiusKm: 30, paused: false });
    t.deepEqual(await second.json(), alert);
    const list = async ({ headers } = person) =>
      (await json<{ alerts: { id: number }[] }>('/v1/alerts', headers)).alerts;
    t.is((await list()).length, 1);

    for (const [body, field] of [
      [{}, 'body.artist'],
      [{ city: 'Cork' }, 'body.artist'],
      [{ artist: 'X', radiusKm: 5 }, 'body.radiusKm'],
      [{ genre: 'polka' }, 'body.genre'],
      [{ artist: 'X', city: 'Atlantis' }, 'body.city'],
      [{ artist: '%' }, 'body.artist'],
    ] as const) {
      const refused = await ask(body);
      t.is(refused.status, 400);
      t.is(((await refused.json()) as { errors: { field: string }[] }).errors[0]?.field, field);
    }

    const other = await confirmed();
    t.is((await call('DELETE', `/v1/alerts/${alert.id}`, other.headers)).status, 404);
    t.is((await call('DELETE', `/v1/alerts/${alert.id}`, person.headers)).status, 204);
    t.deepEqual(await list(), []);
    t.is((await call('POST', '/v1/alerts', {}, wish)).status, 401);

    const key = { 'idempotency-key': 'one-and-the-same' };
    await ask({ genre: 'techno' }, person, key);
    const again = await ask({ genre: 'techno' }, person, key);
    t.is(again.headers.get('idempotent-replayed'), 'true');
    await server().admin.query(
      `INSERT INTO alerts (user_id, artist_slug, artist_name, created_at, checked_at)
     SELECT ?, id, id, NOW(3), NOW(3) FROM genres LIMIT 49`,
      [person.id],
    );
    for (let n = 0; n < 20; n++) await ask({ artist: `More ${n}` });
    const tooMany = await ask({ artist: 'One more' });
    t.is(tooMany.status, 409);
    t.is(((await tooMany.json()) as { code: string }).code, 'too_many_alerts');
  },
);

test.serial(
  '7.B-17 alerts – an artist, a place and a genre – find just what fits, and each event once',
  async (t) => {
    const { ask, run, titles, found, person, call } = await begin(t);
    const [lankum, jazz, far] = [await confirmed(), await confirmed(), await confirmed()];
    await ask({ artist: 'lankum', city: 'Cork' });
    await ask({ artist: 'LANKUM' });
    await ask({ artist: 'Lankum', city: 'Cork', radiusKm: 40 }, lankum);
    await ask({ genre: 'electronic', city: 'Cork' }, jazz);
    await ask({ artist: 'Nobody Yet' }, far);
    await announce('In Cork', 'Cork', { artist: 'Lankum', at: [51.9, -8.47], genre: 13 });
    await announce('Near Cork', 'Killarney', { artist: 'Lankum', at: [51.9, -8.9], genre: 13 });
    await announce('In Dublin', 'Dublin', { artist: 'Lankum', at: [53.35, -6.26] });
    await announce('Another name', 'Cork', { artist: 'Lankumania' });
    await announce('Over', 'Cork', { artist: 'Lankum', starts_at: new Date(Date.now() - HOUR) });
    await announce('Off', 'Cork', { artist: 'Lankum', status: 'cancelled' });
    const hidden = await announce('Hidden', 'Cork', { artist: 'Lankum' });
    await call('PUT', `/v1/events/${hidden}/hide`, person.headers);

    await run();

    t.deepEqual(await titles(), ['In Cork', 'In Dublin', 'Near Cork']);
    t.deepEqual(await titles(lankum), ['Hidden', 'In Cork', 'Near Cork'].slice(1));
    t.deepEqual(await titles(jazz), ['In Cork'], 'what belongs to a genre is of it');
    t.deepEqual(await titles(far), []);

    const before = await found();
    t.deepEqual(await found(), before, 'reading changes nothing');
    await announce('Nobody now', 'Sligo', { artist: 'Nobody Yet' });
    const { found: news } = await run();
    t.is(news, 1);
    t.deepEqual(await titles(far), ['Nobody now']);
  },
);

test.serial(
  '7.B-17 alerts – what was announced before a genre was asked for – is no news; what was being written at the last look is',
  async (t) => {
    const { ask, run, titles, person } = await begin(t);
    await announce('Known', 'Cork', { genre: 13, created_at: new Date(Date.now() - 48 * HOUR) });
    await ask({ genre: 'techno' });
    await run();
    t.deepEqual(await titles(), []);
    await server().admin.query(
      'UPDATE alerts SET created_at = NOW(3) - INTERVAL 3 DAY WHERE user_id = ?',
      [person.id],
    );
    await announce('Late to be seen', 'Cork', {
      genre: 13,
      created_at: new Date(Date.now() - HOUR / 2),
    });

    await run();
    await run();

    t.deepEqual(await titles(), ['Late to be seen']);
  },
);

test.serial(
  '7.B-17 alerts – fifty events and five runs, two at once – are one mail a day, and each event in one mail',
  async (t) => {
    const { ask, run, person } = await begin(t);
    await ask({ artist: 'Busy' });
    for (let n = 0; n < 25; n++) await announce(`Busy ${n}`, 'Cork', { artist: 'Busy' });

    await Promise.all([run(), run()]);
    for (let n = 0; n < 3; n++) await run();

    const first = await waiting();
    t.is(first.length, 1);
    t.is(first[0]?.recipient, person.email);
    const told = JSON.parse(first[0]?.data ?? '{}').events as number[];
    t.is(told.length, 20);

    // The next day, when that one was sent.
    await server().admin.query("UPDATE mail_outbox SET state = 'sent', settled_at = NOW(3)");
    await run();
    t.is((await waiting()).length, 0, 'not yet');
    await server().admin.query(
      'UPDATE alert_notices SET told_at = NOW(3) - INTERVAL 21 HOUR WHERE told_at IS NOT NULL',
    );
    await run();
    const [second] = await waiting();
    const rest = JSON.parse(second?.data ?? '{}').events as number[];
    t.is(rest.length, 5);
    t.is(new Set([...told, ...rest]).size, 25);
  },
);

test.serial(
  '7.B-17 alerts – a mail – is made when it is sent: without what was called off, with a link that ends them',
  async (t) => {
    const { ask, run, call, found, person, json } = await begin(t);
    await ask({ artist: 'Kíla' });
    await announce('Kíla by the sea', 'Galway', {
      artist: 'Kíla',
      ticket_url: 'https://x.example/1',
    });
    const off = await announce('Kíla off', 'Galway', { artist: 'Kíla' });
    t.is((await run()).mails, 1);
    await server().admin.query("UPDATE events SET status = 'cancelled' WHERE id = ?", [off]);

    const auth = await startAuth(t, server());
    const text = await auth.mailTo(person.email, /news for your alerts/);

    t.regex(text, /Kíla by the sea\n\w+, .*, Galway\nhttps:\/\/x\.example\/1/);
    t.notRegex(text, /Kíla off/);
    await until(async () => (await waiting()).length === 0);
    await run();
    t.true((await found()).some(({ mailedAt }) => mailedAt !== null));
    const token = /account\/alerts\?token=([\w-]{43})/.exec(text)?.[1] ?? '';
    t.is(token.length, 43);
    const end = (it: string) => call('POST', '/internal/alerts/unsubscribe', {}, { token: it });
    t.is((await end('x'.repeat(43))).status, 404);
    t.deepEqual([(await end(token)).status, (await end(token)).status], [204, 204]);
    const { alerts } = await json<{ alerts: { paused: boolean }[] }>('/v1/alerts', person.headers);
    t.deepEqual(
      alerts.map(({ paused }) => paused),
      [true],
    );
    await announce('Kíla again', 'Galway', { artist: 'Kíla' });
    t.like(await run(), { found: 0, mails: 0 });
    await ask({ artist: 'Kíla' });
    t.like(await run(), { found: 1 });
  },
);

test.serial(
  '7.B-17 alerts – without a mail server – wait, are said to wait, and no second mail is made',
  async (t) => {
    const { ask, run, lines } = await begin(t);
    await startAuth(t, server(), {
      config: { mail: { ...testMail, smtp: null, environment: 'production' } },
    });
    await ask({ artist: 'Patience' });
    await announce('Waits', 'Cork', { artist: 'Patience' });
    t.is((await run()).mails, 1);
    await server().admin.query('UPDATE mail_outbox SET created_at = NOW(3) - INTERVAL 10 MINUTE');
    await announce('Waits too', 'Cork', { artist: 'Patience' });

    t.is((await run()).mails, 0);

    t.is((await waiting()).length, 1);
    t.true(lines.some((line) => line.includes('"mails":1') && line.includes('no SMTP_URL')));
    // Too late for this mail is not too late for its events.
    await server().admin.query(
      "UPDATE mail_outbox SET state = 'failed', reason = 'expired', settled_at = NOW(3)",
    );
    t.like(await run(), { released: 1, mails: 1 });
    const [mail] = await waiting();
    t.is((JSON.parse(mail?.data ?? '{}').events as number[]).length, 2);
  },
);

test.serial(
  '7.B-17 alerts – an address that is not confirmed – gets no mail, and the command says what it did',
  async (t) => {
    const { ask, titles } = await begin(t);
    const unconfirmed = await signIn(server());
    await ask({ artist: 'Quiet' }, unconfirmed);
    await announce('Quietly', 'Cork', { artist: 'Quiet' });
    const { host, port, user, password, name } = server().config;
    const child = spawn(process.execPath, ['--conditions=source', 'src/send-alerts.ts'], {
      cwd: fileURLToPath(new URL('..', import.meta.url)),
      env: {
        ...{ DB_HOST: host, DB_PORT: String(port), DB_USER: user, DB_NAME: name },
        DB_PASSWORD: password.reveal(),
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += chunk;
    });
    const [code] = await once(child, 'exit');

    t.is(code, 0);
    t.regex(output, /"found":1,"mails":0,"msg":"alerts done"/);
    t.deepEqual(await titles(unconfirmed), ['Quietly']);
    t.deepEqual(await waiting(), []);
  },
);
