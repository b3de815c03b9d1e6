import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { type Connection, createConnection } from 'mysql2/promise';
import { schemaName } from '../local/site-database.ts';
import { openDatabase } from '../services/platform/src/database.ts';
import type { HealthReport } from '../services/platform/src/health.ts';
import { createLog } from '../services/platform/src/log.ts';
import { Secret } from '../services/platform/src/secret.ts';
import { until } from '../services/platform/test/helpers/start.ts';
import { ask, askUntilAnswered, metricOf, statusOf } from './helpers/ask-service.ts';
import { askEveryRoute, type RouteAnswer } from './helpers/every-route.ts';
import { type FragilePlatform, startFragilePlatform } from './helpers/fragile-platform.ts';
import {
  jwtSecret,
  type ServiceProcess,
  startServiceProcess,
  stopServiceProcess,
} from './helpers/six-services.ts';

/** A wait for a connection and then for an answer are 2 s and 3 s, and the machine may be busy. */
const LONGEST_ANSWER_MS = 6_500;
/** The pool's queue, and one for each connection that is being made. */
const MOST_WAITING = 200 + 6;
/** Through the gateway at most its own deadline, 8 s. */
const LONGEST_GATEWAY_ANSWER_MS = 9_500;
const RECOVERY_LIMIT_MS = 10_000;

interface Outage {
  readonly state: string;
  begin(): Promise<unknown>;
  end(): Promise<unknown>;
  /** `undefined`: it is answered all the same. */
  readonly code?: 'database_unavailable' | 'database_busy';
}

let platform: FragilePlatform;
const services = () => Object.values(platform.six);
const taken: Connection[] = [];
const pass = () => platform.proxy.set({ kind: 'none' });

const outages: readonly Outage[] = [
  {
    state: 'stopped',
    code: 'database_unavailable',
    begin: () => platform.stopDatabase(),
    end: () => platform.startDatabase(),
  },
  {
    state: 'away, and nobody listens',
    code: 'database_unavailable',
    begin: () => platform.proxy.set({ kind: 'refused' }),
    end: pass,
  },
  {
    state: 'taken up by other connections',
    code: 'database_unavailable',
    begin: takeAllConnections,
    async end() {
      for (const connection of taken.splice(0)) connection.destroy();
      await platform.admin.query('SET GLOBAL max_connections = 80');
    },
  },
  {
    state: 'given another password',
    code: 'database_unavailable',
    async begin() {
      await setPassword('not-the-one-of-the-Secret');
      platform.proxy.cut();
    },
    end: () => setPassword(platform.app.password),
  },
  {
    state: 'behind a network that resets',
    code: 'database_unavailable',
    begin: () => platform.proxy.set({ kind: 'reset' }),
    end: pass,
  },
  {
    state: 'slow by 0.4 s a round trip',
    begin: () => platform.proxy.set({ kind: 'latency', ms: 200 }),
    end: pass,
  },
  {
    state: 'slow by 8 s a round trip',
    code: 'database_unavailable',
    begin: () => platform.proxy.set({ kind: 'latency', ms: 4_000 }),
    end: pass,
  },
  {
    state: 'behind a black hole',
    code: 'database_unavailable',
    begin: () => platform.proxy.set({ kind: 'black hole' }),
    end: pass,
  },
  {
    state: 'locked by somebody',
    code: 'database_busy',
    begin: () =>
      platform.admin.query('LOCK TABLES users WRITE, events WRITE, djs WRITE, venues WRITE'),
    end: () => platform.admin.query('UNLOCK TABLES'),
  },
  {
    state: 'on a full disk',
    begin: () => platform.disk.fill(),
    end: () => platform.disk.empty(),
  },
];

test.before(async (t) => {
  t.timeout(120_000);
  platform = await startFragilePlatform(t.log);
  await Promise.all(services().map(recover));
});

test.after.always(async () => {
  await platform?.close();
});

for (const { state, code, begin, end } of outages) {
  const outcome = code ? `503 ${code} in time` : 'answers all the same';
  test.serial(
    `the database ${state} – each service – ${outcome}, well again by itself`,
    async (t) => {
      t.timeout(120_000);
      await begin();
      try {
        await Promise.all(services().map((service) => checkAnswer(t, service, code)));
        await Promise.all(services().map((service) => checkProbes(t, service, code)));
      } finally {
        await end();
      }

      t.log(`recovered in ms: ${(await Promise.all(services().map(recover))).join(' ')}`);
      for (const { child, name } of services())
        t.deepEqual([child.exitCode, child.signalCode], [null, null], name);
    },
  );
}

const inOneLine = (all: readonly RouteAnswer[]) =>
  [...Map.groupBy(all, ({ status, code }) => `${status} ${code ?? ''}`)]
    .map(([answer, { length }]) => `${length} × ${answer.trim()}`)
    .join(', ');

/** In every other state each route is one more reader of the same pool. */
const everyRoute = [
  'stopped',
  'away, and nobody listens',
  'slow by 8 s a round trip',
  'behind a black hole',
];
for (const { state, begin, end } of outages.filter((it) => everyRoute.includes(it.state))) {
  test.serial(
    `the database ${state} – every route of every service – says so in time, and nothing else`,
    async (t) => {
      t.timeout(120_000);
      await begin();
      let answers: RouteAnswer[] = [];
      try {
        const five = services().filter(({ name }) => name !== 'aggregator');
        answers = (await Promise.all(five.map(askEveryRoute))).flat();
      } finally {
        await end();
      }
      for (const { route, status, code, ms } of answers) {
        const told = `${route}: ${status} ${code} in ${ms} ms`;
        // Keys come from memory; a request that is refused for its own sake needs no database; a browser
        // that comes back from Spotify is led to a page that says so.
        t.true([503, 200, 202, 204, 303, 400, 404].includes(status), told);
        t.true(ms < LONGEST_ANSWER_MS, told);
      }
      const without = answers.filter(({ status }) => status !== 503).map(({ route }) => route);
      t.log(`${inOneLine(answers)}; slowest ${Math.max(...answers.map(({ ms }) => ms))} ms`);
      t.true(without.length <= 9, `answered without the database: ${without}`);
      t.true(answers.length > 70);
      await Promise.all(services().map(recover));
    },
  );
}

test.serial(
  'the database on a full disk – every route of every service – reads on, and loses no answer',
  async (t) => {
    t.timeout(120_000);
    await platform.disk.fill();
    try {
      const five = services().filter(({ name }) => name !== 'aggregator');
      const answers = (await Promise.all(five.map(askEveryRoute))).flat();
      t.log(inOneLine(answers));
      for (const { route, status, code, ms } of answers) {
        t.not(status, 500, `${route}: ${code}`);
        t.true(ms < LONGEST_ANSWER_MS, route);
      }
    } finally {
      await platform.disk.empty();
    }
    await Promise.all(services().map(recover));
  },
);

test.serial(
  'the database on a full disk – a write – is refused and told why, reads go on',
  async (t) => {
    const { app, admin, disk, server } = platform;
    const config = { ...server, user: app.user, password: new Secret(app.password) };
    const log = createLog({ service: 'test', level: 'silent' });
    const database = openDatabase({ config: { ...config, name: schemaName, tls: 'off' }, log });
    t.teardown(() => database.close());
    await admin.query('CREATE TABLE padding (id INT AUTO_INCREMENT PRIMARY KEY, text TEXT)');
    const write = () => database.run("INSERT INTO padding (text) VALUES (REPEAT('x', 4000))", []);
    const count = async () => {
      const row = { parse: (found: unknown) => (found as { n: number }).n };
      return (await database.query('SELECT COUNT(*) AS n FROM padding', [], row))[0];
    };

    let written = 0;
    await disk.fill();
    try {
      const error = await t.throwsAsync(async () => {
        // What a table has in reserve is used up first.
        for (; written < 2_000; written += 1) await write();
      });
      t.like(error, { code: 'database_full', status: 503, headers: { 'Retry-After': '60' } });
      t.is(await count(), written);
    } finally {
      await disk.empty();
    }
    await write();
    t.is(await count(), written + 1);
  },
);

test.serial(
  'the database a black hole – 300 callers at once – all are told in time, memory stays',
  async (t) => {
    t.timeout(60_000);
    const events = platform.six['events-service'] as ServiceProcess;
    const before = await metricOf(events, 'process_resident_memory_bytes');
    await platform.proxy.set({ kind: 'black hole' });
    try {
      const callers = Array.from({ length: 300 }, () => ask(events));
      await sleep(500);
      t.true((await metricOf(events, 'db_pool_connections{state="waiting"}')) <= MOST_WAITING);
      const answers = await Promise.all(callers);
      t.deepEqual([...new Set(answers.map(({ status }) => status))], [503]);
      t.true(Math.max(...answers.map(({ ms }) => ms)) < LONGEST_ANSWER_MS);
    } finally {
      await pass();
    }
    await recover(events);
    const grown = (await metricOf(events, 'process_resident_memory_bytes')) - before;
    t.log(`grown by ${Math.round(grown / 2 ** 20)} MiB`);
    t.true(grown < 64 * 2 ** 20);
  },
);

test.serial(
  'the database away – a service that starts – lives, unready until it is there',
  async (t) => {
    await platform.proxy.set({ kind: 'refused' });
    // Nobody is there; the feed does without it.
    const ml = 'http://127.0.0.1:9';
    const env = { ...platform.environment, JWT_SECRET: jwtSecret, ML_SERVICE_URL: ml };
    const service = await startServiceProcess('events-service', env);
    t.teardown(() => stopServiceProcess(service));
    await sleep(1_000);
    const paths = ['/livez', '/readyz', '/health'];
    const unready = await Promise.all(paths.map((path) => statusOf(service, path)));
    await pass();

    t.deepEqual(unready, [200, 503, 503]);
    await recover(service);
    await until(async () => (await statusOf(service, '/readyz')) === 200);
  },
);

/** The answer of a service to what it is there for: the right one, in time, with when to ask again. */
async function checkAnswer(t: ExecutionContext, service: ServiceProcess, code?: string) {
  const answer = await ask(service);
  const context = `${service.name}: ${answer.status} in ${answer.ms} ms ${answer.text.slice(0, 300)}`;
  const isGateway = service.name === 'aggregator';
  t.true(answer.ms < (isGateway ? LONGEST_GATEWAY_ANSWER_MS : LONGEST_ANSWER_MS), context);
  t.is(answer.status, code ? 503 : 200, context);
  if (!code) return;
  t.regex(answer.type, /^application\/problem\+json/, context);
  t.regex(answer.retryAfter, /^\d+$/, context);
  t.is(JSON.parse(answer.text).code, code, context);
  t.notRegex(answer.text, /ECONN|ER_|127\.0\.0\.1|gigsdb/, 'nothing of the inside is told');
}

/** An outage restarts nothing and takes nobody out of a Service: it would take all of them out. */
async function checkProbes(t: ExecutionContext, service: ServiceProcess, code?: string) {
  t.is(await statusOf(service, '/livez'), 200, service.name);
  t.is(await statusOf(service, '/readyz'), 200, service.name);
  if (code !== 'database_unavailable' || service.name === 'aggregator') return;
  await until(async () => {
    const report = (await (await fetch(`${service.url}/health`)).json()) as HealthReport;
    return report.status === 'degraded' && report.dependencies.database?.status === 'down';
  });
}

function recover(service: ServiceProcess): Promise<number> {
  return askUntilAnswered(service, RECOVERY_LIMIT_MS);
}

const setPassword = (password: string) =>
  platform.admin.query(`ALTER USER '${platform.app.user}'@'%' IDENTIFIED BY ?`, [password]);

/** Takes every connection that there can be; only the administrator has one in reserve. */
async function takeAllConnections(): Promise<void> {
  const { admin, app, proxy, server } = platform;
  await admin.query('SET GLOBAL max_connections = 10');
  await proxy.set({ kind: 'refused' });
  for (let full = false; !full; ) {
    const { host, port } = server;
    const connection = await createConnection({ host, port, ...app }).catch((error) => {
      if (error.code !== 'ER_CON_COUNT_ERROR') throw error;
      full = true;
    });
    if (connection) taken.push(connection);
  }
  await pass();
}
