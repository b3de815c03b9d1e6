import test, { type ExecutionContext } from 'ava';
import { openDatabase } from '../src/database.ts';
import { createLog } from '../src/log.ts';
import { enqueueMail } from '../src/mail/outbox.ts';
import {
  type AddressedMessage,
  type Deliver,
  MailRefused,
  type MailSenderOptions,
  mailJob,
} from '../src/mail/sender.ts';
import { useDatabase } from './helpers/database.ts';
import { silentLog } from './helpers/service.ts';
import { until } from './helpers/start.ts';

const server = useDatabase(test);
const never = new AbortController().signal;
const HOUR = 3_600_000;

function open(t: ExecutionContext) {
  const database = openDatabase({ config: server().config, log: silentLog('test') });
  t.teardown(() => database.close());
  return database;
}

const composers = { echo: async (data: unknown) => ({ subject: 'S', text: JSON.stringify(data) }) };
const mail = (to: string, kind = 'echo') => ({
  kind,
  to,
  data: { word: 'sláinte' },
  expiresAt: new Date(Date.now() + HOUR),
});

async function rowOf(id: string) {
  const [rows] = await server().admin.query('SELECT * FROM mail_outbox WHERE id = ?', [id]);
  return (rows as Record<string, unknown>[])[0];
}

async function waitingTo(to: string): Promise<string> {
  const [rows] = await server().admin.query('SELECT id FROM mail_outbox WHERE recipient = ?', [to]);
  return String((rows as { id: number }[])[0]?.id);
}

const sender = (
  database: MailSenderOptions['database'],
  deliver: Deliver,
  options: Partial<MailSenderOptions> = {},
) => mailJob({ database, deliver, composers, log: silentLog('test'), ...options });

test.serial(
  'outbox – many mails and two replicas – each is sent once, and its words are kept no longer',
  async (t) => {
    const database = open(t);
    const sent: AddressedMessage[] = [];
    const deliver: Deliver = async (message) => void sent.push(message);
    for (let i = 0; i < 35; i++) await enqueueMail(database, mail(`p${i}@example.com`));

    await Promise.all([sender(database, deliver).run(never), sender(open(t), deliver).run(never)]);

    t.is(sent.length, 35);
    t.is(new Set(sent.map(({ to }) => to)).size, 35);
    t.is(new Set(sent.map(({ id }) => id)).size, 35);
    t.like(await rowOf(sent[0]?.id ?? ''), { state: 'sent', recipient: '', data: '{}' });
  },
);

test.serial('outbox – a write that is rolled back – sends nothing', async (t) => {
  const database = open(t);
  const sent: AddressedMessage[] = [];
  await t.throwsAsync(
    database.transaction(async (queries) => {
      await enqueueMail(queries, mail('rolled-back@example.com'));
      throw new Error('no');
    }),
  );

  await sender(database, async (message) => void sent.push(message)).run(never);

  t.deepEqual(sent, []);
});

test.serial(
  'outbox – a server that fails, then takes it – gets the same mail with the same id later',
  async (t) => {
    const database = open(t);
    let at = Date.now() + 1_000;
    const tried: string[] = [];
    const deliver: Deliver = async ({ id }) => {
      tried.push(id);
      if (tried.length < 3)
        throw Object.assign(new Error('for somebody@example.com'), { code: 'ESOCKET' });
    };
    const lines: string[] = [];
    const log = createLog({
      service: 'test',
      destination: { write: (line) => void lines.push(line) },
    });
    const job = sender(database, deliver, { now: () => at, log });
    await enqueueMail(database, mail('later@example.com'));
    const id = await waitingTo('later@example.com');

    await job.run(never);
    await job.run(never);
    t.is(tried.length, 1, 'not before its time');
    at += 6_000;
    await job.run(never);
    at += 31_000;
    await job.run(never);

    t.deepEqual(tried, [id, id, id]);
    t.like(await rowOf(id), { state: 'sent', attempts: 3 });
    t.true(lines.join('').includes('ESOCKET'));
    t.false(lines.join('').includes('@example.com'), 'no address in the log');
  },
);

test.serial(
  'outbox – what is refused for good, too old, of no known kind, or has nothing to say – is settled',
  async (t) => {
    const database = open(t);
    let sent = 0;
    const deliver: Deliver = async ({ to }) => {
      if (to.startsWith('refused')) throw new MailRefused('550');
      sent += 1;
    };
    await enqueueMail(database, mail('refused@example.com'));
    await enqueueMail(database, {
      ...mail('old@example.com'),
      expiresAt: new Date(Date.now() - 1),
    });
    await enqueueMail(database, mail('strange@example.com', 'strange'));
    await enqueueMail(database, mail('silent@example.com', 'silent'));
    const ids = await Promise.all(
      ['refused', 'old', 'strange', 'silent'].map((it) => waitingTo(`${it}@example.com`)),
    );

    await sender(database, deliver, {
      composers: { ...composers, silent: async () => undefined },
    }).run(never);

    t.is(sent, 0);
    const rows = await Promise.all(ids.map(rowOf));
    t.deepEqual(
      rows.map((row) => `${row?.state} ${row?.reason}`),
      ['failed refused', 'failed expired', 'failed unknown_kind', 'sent nothing_to_say'],
    );
  },
);

test.serial('outbox – a sender that stops – gives back at once what it has not sent', async (t) => {
  const database = open(t);
  const at = Date.now() + 1_000;
  const stop = new AbortController();
  const got: string[] = [];
  const stopping = sender(database, async () => stop.abort(), { now: () => at });
  for (const to of ['sent@example.com', 'left@example.com']) {
    await enqueueMail(database, mail(to));
  }
  await stopping.run(stop.signal);

  const other = sender(database, async ({ to }) => void got.push(to), { now: () => at });
  await other.run(never);
  t.deepEqual(got, ['left@example.com']);
});

test.serial(
  'outbox – a sender that died with mails in hand – leaves them to another after two minutes',
  async (t) => {
    const database = open(t);
    let at = Date.now() + 1_000;
    const got: string[] = [];
    const hanging = Promise.withResolvers<void>();
    const dead = sender(database, () => hanging.promise, { now: () => at });
    for (const to of ['first@example.com', 'second@example.com']) {
      await enqueueMail(database, mail(to));
    }
    void dead.run(never);
    await until(async () => (await claimed()) === 2);

    const other = sender(database, async ({ to }) => void got.push(to), { now: () => at });
    await other.run(never);
    t.deepEqual(got, []);
    at += 121_000;
    await other.run(never);
    t.deepEqual(got, ['first@example.com', 'second@example.com']);
  },
);

const claimed = async () => {
  const sql = "SELECT 1 FROM mail_outbox WHERE state = 'waiting' AND claim IS NOT NULL";
  const [rows] = await server().admin.query(sql);
  return (rows as unknown[]).length;
};
