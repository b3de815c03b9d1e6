import test, { type ExecutionContext } from 'ava';
import { startAuth } from '../../auth-service/test/helpers/auth.ts';
import { testMail } from '../../auth-service/test/helpers/mail-config.ts';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { as } from '../../platform/test/helpers/keepers.ts';
import { until } from '../../platform/test/helpers/start.ts';
import { startMarketplace } from './helpers/start-marketplace.ts';

const server = useDatabase(test);
const path = '/v1/organizer/contact-requests';
let made = 0;

async function start(t: ExecutionContext) {
  const market = await startMarketplace(t, server());
  await server().admin.query(
    'UPDATE users SET email_confirmed_at = NOW(3), name = ? WHERE id IN (1, 2, 5, 9)',
    ['Gráinne'],
  );
  const email = `dj${++made}@example.com`;
  const reached = await market.dj({ name: `DJ ${made}`, contact: { email } });
  const write = (body: object, headers?: ReturnType<typeof as>) =>
    market.ask('POST', path, body, headers);
  return { ...market, email, reached, write };
}

test.serial(
  '7.B-18 contact – a letter to a DJ – is really mailed, its answer goes to the organizer, and its status follows',
  async (t) => {
    const market = await start(t);
    const id = await market.plan({ name: 'Samhain', city: 'Cork', budgetMax: 400 });
    const auth = await startAuth(t, server());

    const asked = await market.write({
      ...{ kind: 'dj', itemId: market.reached, planId: id, template: 'dj-booking' },
      message: 'We heard you in Galway.',
    });
    const mail = await auth.mailTo(market.email);
    let now = asked.body;
    await until(async () => {
      now = (await market.ask('GET', `${path}/${asked.body.id}`)).body;
      return now.status !== 'waiting';
    }, 10_000);
    const noted = await market.ask('PATCH', `${path}/${asked.body.id}`, {
      status: 'agreed',
      note: '€350',
    });

    t.is(asked.status, 201);
    t.is(asked.body.status, 'waiting');
    t.regex(mail, /^Hello DJ \d+,\n\nwe plan “Samhain”.*\nWhere: Cork\nBudget: up to €400\.00\n/s);
    t.regex(
      mail,
      /We heard you in Galway\.\n\nGráinne\n\nAnswer this mail to reach Gráinne \(keeper1@example\.com\)/,
    );
    t.notRegex(mail, /When:|\{/, 'what the plan does not say is left out');
    t.is(now.status, 'sent');
    t.truthy(now.sentAt);
    t.like(noted.body, { status: 'agreed', note: '€350' });
    const list = await market.ask('GET', `${path}?planId=${id}&status=agreed`);
    t.is(list.body.contactRequests.length, 1);
    t.false(
      JSON.stringify(list.body).includes(market.email),
      'the address is nobody’s but the mail’s',
    );
  },
);

test.serial(
  'contact – sent again with its key, or once more within days – is one letter',
  async (t) => {
    const market = await start(t);
    const body = { kind: 'dj', itemId: market.reached, message: 'Hello?' };
    const keyed = { ...as('organizer'), 'idempotency-key': `letter-${made}` };

    const first = await market.write(body, keyed);
    const again = await market.write(body, keyed);
    const more = await market.write(body);
    const [a, b] = await Promise.all([2, 2].map((who) => market.write(body, as('organizer', who))));

    t.is(again.body.id, first.body.id);
    t.is(again.headers.get('idempotent-replayed'), 'true');
    t.deepEqual([more.status, more.body.code], [409, 'contacted_already']);
    t.deepEqual([a?.status, b?.status].sort(), [201, 409], 'two at once of one organizer');
  },
);

test.serial(
  'contact – whom nobody can write to, or who is not there – is told with what to do',
  async (t) => {
    const market = await start(t);
    const silent = await market.dj({ name: 'Silent' });
    const venue = await market.venue({ contact: { email: 'house@example.com' } });
    const message = 'Hello?';

    const none = await market.write({ kind: 'dj', itemId: silent, message });
    t.deepEqual([none.status, none.body.code], [409, 'no_email']);
    t.regex(String(none.body.detail), new RegExp(`/djs/${silent}/contact`));
    t.is((await market.write({ kind: 'dj', itemId: 999_999, message })).body.code, 'dj_not_found');
    t.is(
      (await market.write({ kind: 'venue', itemId: 999_999, message })).body.code,
      'venue_not_found',
    );
    t.is((await market.write({ kind: 'venue', itemId: venue, message })).status, 201);
    const fields = async (body: object) =>
      (await market.write({ kind: 'dj', itemId: market.reached, ...body })).body.errors?.[0].field;
    const id = await market.plan();
    t.is(await fields({}), 'body.message');
    t.is(await fields({ template: 'dj-booking' }), 'body.planId');
    t.is(await fields({ template: 'venue-inquiry', planId: id }), 'body.template');
    t.is(await fields({ message: 'a\u0000b' }), 'body.message');
    t.is(
      (await market.write({ kind: 'dj', itemId: market.reached, message, planId: 999_999 })).body
        .code,
      'plan_not_found',
    );
  },
);

test.serial(
  'contact – a letter that still waits – can be taken back, and is never sent',
  async (t) => {
    const market = await start(t);
    const { body } = await market.write({ kind: 'dj', itemId: market.reached, message: 'Hello?' });

    const early = await market.ask('PATCH', `${path}/${body.id}`, { status: 'agreed' });
    const stolen = await market.ask('DELETE', `${path}/${body.id}`, undefined, as('organizer', 2));
    const gone = await market.ask('DELETE', `${path}/${body.id}`);

    t.is(early.body.code, 'not_sent');
    t.is(stolen.status, 404);
    t.is(gone.status, 204);
    const [rows] = await server().admin.query('SELECT 1 FROM mail_outbox WHERE recipient = ?', [
      market.email,
    ]);
    t.deepEqual(rows, []);
  },
);

test.serial(
  '7.B-18 contact – where the site sends no mail – is told at once, and nothing is promised',
  async (t) => {
    const market = await start(t);
    const mail = { ...testMail, environment: 'production' };
    // When the service has ended: the other tests mail.
    t.teardown(() => server().admin.query('DELETE FROM mail_senders'));
    const auth = await startAuth(t, server(), { config: { mail } });
    const health = (await (await fetch(`${auth.url}/health`)).json()) as Record<string, unknown>;
    t.like(health, {
      status: 'ok',
      dependencies: { mail: { status: 'off', detail: 'SMTP_URL is not set' } },
    });
    const told = async (isConfigured: number) => {
      const sql = 'SELECT 1 FROM mail_senders WHERE is_configured = ?';
      return ((await server().admin.query(sql, [isConfigured]))[0] as unknown[]).length === 1;
    };
    await until(() => told(0), 15_000);
    const letter = { kind: 'dj', itemId: market.reached, message: 'Hello?' };

    for (let n = 0; n < 12; n++) {
      const { status, body } = await market.write(letter);
      t.deepEqual([status, body.code], [503, 'mail_not_configured']);
    }
    const { body: list } = await market.ask('GET', path);
    t.false(
      list.contactRequests.some(({ itemId }: { itemId: number }) => itemId === market.reached),
    );
  },
);

test.serial('contact – when nobody has said for long that mail is off – is taken on', async (t) => {
  const market = await start(t);
  await server().admin.query('REPLACE INTO mail_senders VALUES (1, 0, NOW(3) - INTERVAL 1 HOUR)');
  const letter = { kind: 'dj', itemId: market.reached, message: 'Hello?' };
  t.is((await market.write(letter)).status, 201);
});

test.serial(
  'contact – an organizer whose address is not confirmed – mails nobody, and reads why',
  async (t) => {
    const market = await start(t);
    await server().admin.query('UPDATE users SET email_confirmed_at = NULL WHERE id = 9');
    const auth = await startAuth(t, server());
    const { body } = await market.write(
      { kind: 'dj', itemId: market.reached, message: 'Hi' },
      as('organizer', 9),
    );

    let now = body;
    await until(async () => {
      now = (await market.ask('GET', `${path}/${body.id}`, undefined, as('organizer', 9))).body;
      return now.status !== 'waiting';
    }, 10_000);

    t.deepEqual([now.status, now.reason], ['failed', 'nothing_to_say']);
    t.false(auth.lines.some((line) => line.includes(market.email)));
  },
);

test.serial(
  'contact – letters without end – end after ten in an hour, and a mailbox gets five a day',
  async (t) => {
    const market = await start(t);
    const organizer = as('organizer', 5);
    const statuses: number[] = [];
    for (let n = 0; n < 11; n++) {
      const itemId = await market.dj({ contact: { email: `many${n}@example.com` } });
      statuses.push((await market.write({ kind: 'dj', itemId, message: 'Hi' }, organizer)).status);
    }
    t.deepEqual(statuses, [...Array(10).fill(201), 429]);

    const some = [1, 2, 9].map((who) => as('organizer', who));
    const admins = [12, 3, 6].map((who) => as('admin', who));
    await server().admin.query('DELETE FROM throttles');
    const toOne: number[] = [];
    for (const headers of [...some, ...admins]) {
      toOne.push(
        (await market.write({ kind: 'dj', itemId: market.reached, message: 'Hi' }, headers)).status,
      );
    }
    t.deepEqual(toOne, [...Array(5).fill(201), 429]);
  },
);
