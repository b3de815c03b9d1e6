import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import { createTicketmaster } from '../../../local/sources/ticketmaster/index.ts';
import type { Gig } from '../../../local/sources/world.ts';
import { gigsOf } from '../../../local/sources/world.ts';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { until } from '../../platform/test/helpers/start.ts';
import { forgetIngested, startIngestion } from './helpers/ingestion.ts';

const server = useDatabase(test);
const DAY_MS = 86_400_000;
const fast = { perSecond: 100_000, perDay: 100_000 };

async function begin(t: ExecutionContext, gigs?: () => readonly Gig[]) {
  await forgetIngested(server());
  return startIngestion(t, server(), [createTicketmaster({ ...fast, ...(gigs ? { gigs } : {}) })]);
}

const gig = (with_: Partial<Gig> = {}): Gig => {
  const [made] = gigsOf(new Date(Date.now() + 20 * DAY_MS), 1);
  return { ...(made as Gig), support: undefined, status: 'onsale', share: 1, ...with_ };
};

/** The command itself, as the CronJob runs it. */
function startCommand(url: string) {
  const { config } = server();
  return spawn(
    process.execPath,
    ['--conditions=source', fileURLToPath(new URL('../src/ingest.ts', import.meta.url))],
    {
      env: {
        ...{ PATH: process.env.PATH, LOG_LEVEL: 'silent', SOURCES_URL: url },
        ...{ TICKETMASTER_API_KEY: 'a-key', DB_HOST: config.host, DB_PORT: String(config.port) },
        ...{ DB_USER: config.user, DB_PASSWORD: config.password.reveal(), DB_NAME: config.name },
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
}

const state = `SELECT e.title, e.status, e.starts_at, e.withdrawn_at, e.merged_into, e.updated_at, e.uid
  FROM events e ORDER BY e.uid`;

test.serial(
  'ingestion – a first run and a second one later – brings each event once and changes nothing more',
  async (t) => {
    const { run, rows, one, pass, server: asked } = await begin(t, () => gigsOf(new Date(), 20));

    const began = performance.now();
    const first = await run();
    const seconds = (performance.now() - began) / 1_000;
    t.log(
      `${first?.events} events in ${seconds.toFixed(2)} s: ${Math.round((first?.events ?? 0) / seconds)} a second`,
    );
    t.true((first?.events ?? 0) > 400);
    t.is(first?.bad, 0);
    const before = await rows<{ uid: string }>(state);
    const { records, events } = await one<{ records: number; events: number }>(
      'SELECT COUNT(*) AS records, COUNT(DISTINCT event_id) AS events FROM event_sources WHERE pending = 0',
    );
    t.is(records, first?.events ?? 0);
    t.is(events, before.length);

    // Fresh: nobody is asked.
    const calls = asked.calls.length;
    t.like(await run(), { asked: 0 });
    t.is(asked.calls.length, calls);

    pass(7);
    const second = await run();
    t.true((second?.events ?? 0) > 400);
    const kept = await rows<{ uid: string }>(state);
    t.deepEqual(
      kept.filter(({ uid }) => before.some((it) => it.uid === uid)),
      before,
    );
  },
);

test.serial('7.C-1 ingestion – two runs at once – is one', async (t) => {
  const { run, one } = await begin(t, () => gigsOf(new Date(), 10));
  const both = await Promise.all([run(), run()]);
  t.is(both.filter((it) => it === undefined).length, 1);
  const { doubles } = await one<{ doubles: number }>(
    `SELECT COUNT(*) - COUNT(DISTINCT event_id) AS doubles FROM event_sources`,
  );
  t.is(doubles, 0);
});

test.serial(
  '7.C-1 ingestion – two processes at once – ask each city once, and bring each event once',
  async (t) => {
    const { url, one, server: asked } = await begin(t, () => gigsOf(new Date(), 10));
    const both = [startCommand(url), startCommand(url)];
    const ended = await Promise.all(both.map((child) => once(child, 'close')));

    t.deepEqual(
      ended.map(([code]) => code),
      [0, 0],
    );
    t.true(asked.calls.length >= 8);
    t.is(new Set(asked.calls).size, asked.calls.length);
    const { records, events, pending } = await one<Record<string, number | string>>(
      'SELECT COUNT(*) AS records, COUNT(DISTINCT event_id) AS events, SUM(pending) AS pending FROM event_sources',
    );
    t.true(Number(records) > 100);
    t.is(events, records);
    t.is(pending, '0');
  },
);

test.serial(
  'ingestion – killed in the middle – goes on from there and loses nothing',
  async (t) => {
    const { url, run, one, pass, server: asked } = await begin(t, () => gigsOf(new Date(), 10));
    const child = startCommand(url);
    // Four a second of sixteen cities: some have been saved, others not.
    await until(() => asked.calls.length >= 4, 30_000);
    // It holds the lock as long as it lives, and not a moment longer.
    t.is(await run(), undefined);
    child.kill('SIGKILL');
    await once(child, 'close');
    const runs: Awaited<ReturnType<typeof run>>[] = [];
    await until(async () => {
      runs.push(await run());
      return runs.at(-1) !== undefined;
    });
    const summary = runs.at(-1);

    t.like(summary, { failed: 0 });
    pass(7);
    const complete = await run();
    t.like(complete, { changed: 0 });
    const all = complete?.events ?? 0;
    t.deepEqual(
      await one(
        'SELECT COUNT(*) AS n, COUNT(DISTINCT event_id) AS events, SUM(pending) AS pending FROM event_sources',
      ),
      { n: all, events: all, pending: '0' },
    );
  },
);

test.serial(
  '7.B-8 events – moved, called off, gone and back – are seen, each under its number',
  async (t) => {
    let gigs = [gig({ id: 'a' }), gig({ id: 'b', act: 'Silver Harbour', venue: 'Tonn' })];
    const { run, rows, pass } = await begin(t, () => gigs);
    const events = () =>
      rows<{ id: number; title: string; status: string; gone: number; day: string }>(
        `SELECT id, title, status, withdrawn_at IS NOT NULL AS gone,
         DATE_FORMAT(starts_at, '%Y-%m-%d') AS day FROM events ORDER BY title DESC`,
      );
    await run();
    const before = await events();
    t.is(before.length, 2);

    const day = new Date(Date.now() + 50 * DAY_MS).toISOString().slice(0, 10);
    const [a, b] = gigs as [Gig, Gig];
    gigs = [
      { ...a, date: day, status: 'rescheduled' },
      { ...b, status: 'cancelled' },
    ];
    pass(7);
    await run();
    const moved = await events();
    t.deepEqual(
      moved.map(({ id }) => id),
      before.map(({ id }) => id),
    );
    t.true(moved.some((it) => it.day === day && it.status === 'scheduled'));
    t.true(moved.some(({ status }) => status === 'cancelled'));

    // One answer without it may be an incomplete one; two are not.
    gigs = gigs.slice(0, 1);
    pass(7);
    await run();
    t.deepEqual(
      (await events()).map(({ gone }) => gone),
      [0, 0],
    );
    pass(7);
    t.like(await run(), { missing: 1 });
    t.deepEqual((await events()).map(({ gone }) => gone).toSorted(), [0, 1]);

    gigs = [...gigs, b];
    pass(7);
    await run();
    t.deepEqual(
      (await events()).map(({ id, gone }) => [id, gone]),
      before.map(({ id }) => [id, 0]),
    );
  },
);

test.serial(
  '7.B-9 a failing source – is left alone for longer and longer, and asked at once when it is well',
  async (t) => {
    const { run, pass, one, server: asked } = await begin(t, () => [gig()]);
    const gate = () =>
      one<{ failures: number; error: string | null; dueAt: Date | null }>(
        `SELECT failures, error, due_at AS dueAt FROM source_states WHERE scope = '*'`,
      );
    asked.faults.add({ kind: 'status', status: 500, times: 1_000 });
    t.like(await run(), { failed: 1 });
    t.like(await gate(), { failures: 1, error: 'it answers 500' });
    const calls = asked.calls.length;
    pass(0.1);
    t.like(await run(), { asked: 0 });
    t.is(asked.calls.length, calls);
    pass(0.1);
    t.like(await run(), { failed: 1 });
    pass(0.2);
    t.like(await run(), { asked: 0 });
    pass(0.2);

    asked.faults.clear();
    t.like(await run(), { failed: 0, events: 1 });
    t.like(await gate(), { failures: 0, error: null, dueAt: null });
  },
);

test.serial(
  '7.B-9 Retry-After – longer than a run waits – closes the source until then',
  async (t) => {
    const { run, pass, one, now, server: asked } = await begin(t, () => [gig()]);
    asked.faults.add({ kind: 'status', status: 429, retryAfter: 7_200 });
    t.like(await run(), { failed: 1 });
    t.is(asked.calls.length, 1);
    const { dueAt } = await one<{ dueAt: Date }>(
      `SELECT due_at AS dueAt FROM source_states WHERE scope = '*'`,
    );
    t.true(dueAt.getTime() - now().getTime() > 7_190_000);
    pass(1.9);
    t.like(await run(), { asked: 0 });
    pass(0.2);
    t.like(await run(), { events: 1 });
  },
);

for (const kind of ['garbage', 'cut', 'huge'] as const) {
  test.serial(
    `ingestion – a source that sends ${kind} – fails by itself and is told in words`,
    async (t) => {
      const { run, one, server: asked } = await begin(t, () => [gig()]);
      asked.faults.add({ kind, times: 3 });
      t.like(await run(), { failed: 1 });
      const { error } = await one<{ error: string }>(
        `SELECT error FROM source_states WHERE scope = '*'`,
      );
      t.regex(error, /^it (?:sends no JSON|sends more than|cannot be reached, or broke off)/);
      t.notRegex(error, /a-key/);
    },
  );
}

test.serial(
  '7.B-13 rows – too long, without a name – cost nobody else, and are named',
  async (t) => {
    const ours = gig();
    const rows = [
      { ...ours, id: 'long', act: 'x'.repeat(400), venue: 'y'.repeat(300) },
      { ...ours, id: 'no-name', act: '', venue: 'Tonn' },
      { ...ours, id: 'fine', venue: 'Salt Store' },
    ];
    const { run, one } = await begin(t, () => rows);
    t.like(await run(), { events: 2, bad: 1, failed: 0 });
    const { badRows } = await one<{ badRows: string }>(
      'SELECT bad_rows AS badRows FROM ingestions WHERE bad > 0',
    );
    t.like(JSON.parse(badRows), [{ id: 'TM-no-name' }]);
    const { longest } = await one<{ longest: number }>(
      'SELECT MAX(CHAR_LENGTH(title)) AS longest FROM events',
    );
    t.is(longest, 300);
  },
);
