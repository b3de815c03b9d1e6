import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { services } from '../../ci/src/services.ts';
import { copyRepository, prepend } from '../../test/helpers/copy-repository.ts';
import { asNobody } from '../../test/helpers/nobody.ts';
import { demo } from '../site-database.ts';
import { type Dev, processesOf, startDev } from './helpers/dev.ts';
import { temporaryFolder } from './helpers/temporary-folder.ts';

const port = '4620';
const site = `http://localhost:${port}`;

const migrations = new URL('../../services/database/migrations/', import.meta.url);
const next = readdirSync(migrations).filter((file) => file.endsWith('.sql')).length + 1;
const addedMigration = `${String(next).padStart(3, '0')}-dev-test.sql`;

let repository: string;
let stateFolder: string;
let dev: Dev;
let ports: ReadonlyMap<string, number>;

const start = (t: Parameters<typeof startDev>[0], args: readonly string[] = []) =>
  // Another database is used by nobody who did not name it.
  startDev(t, {
    repository,
    stateFolder,
    args: ['--port', port, ...args],
    env: { DB_HOST: 'production.invalid', JWT_SECRET: 'short', PORT: 'abc' },
  });

const json = async (url: string, init?: RequestInit) =>
  (await fetch(url, init)).json() as Promise<Record<string, unknown>>;

const health = (name: string) => json(`http://localhost:${ports.get(name)}/health`);

/** Names of the services that were started again, in what was printed since. */
const restarted = (from: number) =>
  [
    ...dev
      .output()
      .slice(from)
      .matchAll(/^dev +\| starting again: (.*)$/gm),
  ].map((it) => it[1]);

const venueApp = 'services/venue-service/src/app.ts';

// Lives as long as the file: each test goes on where the one before has ended.
const ends: (() => unknown)[] = [];
const always = { teardown: (end: () => unknown) => void ends.push(end) };

test.before(async () => {
  [repository, stateFolder] = await Promise.all([copyRepository(), temporaryFolder()]);
  dev = start(always);
  await dev.until(/Ctrl-C ends all/);
  // Before the ingestion comes to the last of the promoters.
  const [, standIns = ''] = await dev.until(/stand-ins of four sources at (\S+)/);
  const fault = { source: 'eventbrite', path: '410000000003', kind: 'status', status: 403 };
  await fetch(`${standIns}/_control/faults`, { method: 'POST', body: JSON.stringify(fault) });
  const listed = dev.output().matchAll(/^dev +\| ([a-z-]+-service) +http:\/\/localhost:(\d+)$/gm);
  ports = new Map([...[...listed].map((it) => [it[1] ?? '', Number(it[2])] as const)]);
});

test.after.always(async () => {
  for (const end of ends) await end();
  await rm(repository, { recursive: true, force: true });
  await rm(stateFolder, { recursive: true, force: true });
});

test.serial('make dev – started – all six are well, the site answers, login works', async (t) => {
  const [, seconds] = (await dev.until(/started in ([\d.]+) s/)) ?? [];
  t.log(`ready after ${seconds} s`);
  t.is(ports.size, 5);
  for (const name of ports.keys()) t.like(await health(name), { service: name, status: 'ok' });
  // The aggregator asks the others now and then.
  for (let left = 40; left > 0 && (await json(`${site}/health`)).status !== 'ok'; left -= 1) {
    await sleep(250);
  }
  t.like(await json(`${site}/health`), { service: 'aggregator', status: 'ok', source: null });
  const login = await json(`${site}/v1/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(demo),
  });
  t.is(typeof login.token, 'string');
  const found = (await json(`${site}/v1/events/search?limit=5`)) as { events: unknown[] };
  t.is(found.events.length, 5);
  await dev.until(
    /^events-service \| \d\d:\d\d:\d\d\.\d{3} info GET \S+ 200 in [\d.]+ ms requestId=\S+ traceId=\S+$/m,
  );
});

test.serial(
  'make dev – soon after the start – has events of four sources beside the seeded ones, and says what failed',
  async (t) => {
    const [line] = await dev.until(/^ingest +\| .* info ingestion done .*$/m);
    t.log(line);
    t.regex(line, / failed=1 /);
    const warned = dev.output().match(/^ingest +\| .* warn .*$/gm) ?? [];
    t.is(warned.length, 1);
    t.regex(warned[0] ?? '', /source failed source=eventbrite .* reason=it answers 403/);

    const events = `http://localhost:${ports.get('events-service')}/v1/events`;
    const { sources } = (await json(`${events}/facets`)) as {
      sources: { name: string; count: number }[];
    };
    t.deepEqual(sources.map(({ name }) => name).toSorted(), [
      'bandsintown',
      'dice',
      'eventbrite',
      'ticketmaster',
    ]);
    t.true(sources.every(({ count }) => count > 20));
    const seeded = await json(`${events}/search?q=agus%20cairde`);
    t.true((seeded.events as unknown[]).length > 0);
  },
);

test.serial(
  'make dev – a broken save of the ingestion – is told in a line, and tried at the next save',
  async (t) => {
    const from = dev.output().length;
    const mend = await prepend(repository, 'services/events-service/src/ingest.ts', 'const = ;\n');
    await dev.until(
      /^dev +\| the ingestion of events ended with exit code 1; it runs again/m,
      from,
    );

    const mended = dev.output().length;
    await mend();
    await dev.until(/events-service is ready after/, mended);
    t.deepEqual(restarted(from), ['events-service', 'events-service']);
    t.is((await fetch(`http://localhost:${ports.get('events-service')}/health`)).status, 200);
  },
);

test.serial('make dev – one service edited – that one alone answers with the change', async (t) => {
  const from = dev.output().length;
  const file = join(repository, venueApp);
  const text = await readFile(file, 'utf8');
  const edited = text.replace(/description: '[^']+'/, "description: 'Where the gigs are.'");
  t.not(edited, text);
  const savedAt = performance.now();
  // As many editors save: another file takes the name.
  await writeFile(`${file}.new`, edited);
  await rename(`${file}.new`, file);
  await dev.until(/venue-service is ready after/, from);
  t.log(`answers ${Math.round(performance.now() - savedAt)} ms after the save`);

  const api = await json(`http://localhost:${ports.get('venue-service')}/openapi.json`);
  t.is((api.info as { description: string }).description, 'Where the gigs are.');
  t.deepEqual(restarted(from), ['venue-service']);

  const again = dev.output().length;
  await writeFile(file, text);
  await dev.until(/venue-service is ready after/, again);
  t.deepEqual(restarted(from), ['venue-service', 'venue-service'], 'after a rename too');
});

test.serial('make dev – saved without a change, a test edited – nothing restarts', async (t) => {
  const from = dev.output().length;
  const file = join(repository, venueApp);
  await writeFile(file, await readFile(file, 'utf8'));
  await prepend(repository, 'services/venue-service/test/venues.test.ts', '// An edit.\n');
  await sleep(1_000);
  t.deepEqual(restarted(from), []);
});

test.serial('make dev – a contract edited – restarts its service and the aggregator', async (t) => {
  const from = dev.output().length;
  await prepend(repository, 'services/auth-service/src/contract.ts', '// An edit.\n');
  await dev.until(/auth-service is ready/, from);
  await dev.until(/aggregator is ready/, from);
  t.deepEqual(restarted(from), ['aggregator, auth-service']);
});

test.serial('make dev – what all share edited – restarts all six', async (t) => {
  const from = dev.output().length;
  await prepend(repository, 'services/platform/src/probes.ts', '// An edit.\n');
  for (const { name } of services) await dev.until(new RegExp(`${name} is ready`), from);
  t.deepEqual(restarted(from), [services.map(({ name }) => name).join(', ')]);
});

test.serial(
  'make dev – a broken save – says why, the rest serves, the next save mends',
  async (t) => {
    const from = dev.output().length;
    const mend = await prepend(repository, 'services/dj-service/src/app.ts', 'const = ;\n');

    await dev.until(
      /^dj-service +\| .*SyntaxError|^dj-service +\| .*ERR_INVALID_TYPESCRIPT/m,
      from,
    );
    await dev.until(/dj-service ended with exit code 1; it starts again at the next save/, from);
    t.is((await fetch(`${site}/venues`)).status, 200);
    t.is((await fetch(`${site}/djs`)).status, 502);

    await mend();
    await dev.until(/dj-service is ready after/, from);
    t.is((await fetch(`${site}/djs`)).status, 200);
    t.deepEqual(restarted(from), ['dj-service', 'dj-service']);
  },
);

test.serial(
  'make dev – an import of a file that comes later – recovers when it is there',
  async (t) => {
    const from = dev.output().length;
    await prepend(repository, venueApp, "import './later/on.ts';\n");
    await dev.until(/venue-service ended with exit code 1/, from);

    await mkdir(join(repository, 'services/venue-service/src/later'));
    await writeFile(join(repository, 'services/venue-service/src/later/on.ts'), 'export {};\n');

    await dev.until(/venue-service is ready after/, from);
    t.is((await fetch(`${site}/venues`)).status, 200);
  },
);

test.serial(
  'make dev – a service that was killed – is told, and starts at the next save',
  async (t) => {
    const from = dev.output().length;
    const [victim] = (await processesOf(`${repository}/services/ml-service`)).map(Number.parseInt);
    t.truthy(victim);
    process.kill(victim ?? 0, 'SIGKILL');
    await dev.until(/ml-service ended with SIGKILL/, from);

    await prepend(repository, 'services/ml-service/src/app.ts', '// An edit.\n');

    await dev.until(/ml-service is ready after/, from);
    t.deepEqual(restarted(from), ['ml-service']);
  },
);

test.serial(
  'make dev – a new migration – is applied, a bad one told, the services stay',
  async (t) => {
    const from = dev.output().length;
    const folder = join(repository, 'services/database/migrations');
    await writeFile(join(folder, '900-gap.sql'), '-- expand\nCREATE TABLE gap (id INT);');
    await dev.until(/^dev +\| .*numbers have no gap/m, from);
    await dev.until(/^dev +\| mend it and save.*make dev FRESH=1$/m, from);

    await rename(join(folder, '900-gap.sql'), join(folder, addedMigration));

    await dev.until(/the database has its schema and synthetic gigs/, from);
    t.deepEqual(restarted(from), []);
    t.is((await fetch(`${site}/health`)).status, 200);
  },
);

test.serial('make dev – a second one – is refused and the first stays', async (t) => {
  const second = start(t, ['--port', '4621']);
  t.is(await second.ended, 1);
  t.is(
    second.output().trim(),
    `process ${dev.child.pid} is at work on ${stateFolder}/whatsthecraic/dev; ` +
      'wait for it to end, or stop it\ncode: LOCKED',
  );
  t.is((await fetch(`${site}/health`)).status, 200);
});

test.serial('make dev – Ctrl-C – ends all in seconds and leaves nothing running', async (t) => {
  const stoppedAt = performance.now();
  dev.child.kill('SIGINT');
  t.is(await dev.ended, 0);
  const ms = Math.round(performance.now() - stoppedAt);
  t.log(`ended after ${ms} ms`);
  t.true(ms < 10_000);
  t.deepEqual(await processesOf(stateFolder), []);
  t.deepEqual(await processesOf(repository), []);
});

test.serial(
  'make dev – killed with SIGKILL – no service stays, the next start works',
  async (t) => {
    dev = start(always);
    await dev.until(/Ctrl-C ends all/);
    dev.child.kill('SIGKILL');
    await dev.ended;
    for (let left = 100; left > 0 && (await processesOf(repository)).length > 0; left -= 1) {
      await sleep(20);
    }
    t.deepEqual(await processesOf(`${repository}/services`), []);
    const [database, ...others] = await processesOf(stateFolder);
    t.regex(database ?? '', /mariadbd/);
    t.deepEqual(others, []);

    dev = start(always);
    await dev.until(/Ctrl-C ends all/);
    t.is((await fetch(`${site}/health`)).status, 200);
  },
);

test.serial('make dev – the terminal is closed – ends all', async (t) => {
  dev.child.kill('SIGHUP');
  t.is(await dev.ended, 0);
  t.deepEqual(await processesOf(stateFolder), []);
});

test.serial('make dev – other programs on the services’ ports – takes others', async (t) => {
  const taken = createServer().listen(ports.get('auth-service'), '127.0.0.1');
  t.teardown(() => void taken.close());
  dev = start(always);
  await dev.until(/Ctrl-C ends all/);
  const [, other] = await dev.until(/^dev +\| auth-service +http:\/\/localhost:(\d+)$/m);
  t.not(Number(other), ports.get('auth-service'));
  t.is((await fetch(`${site}/health`)).status, 200);
});

test.serial('make dev FRESH=1 – data of before – is gone', async (t) => {
  dev.child.kill('SIGTERM');
  t.is(await dev.ended, 0);
  const secret = () => readFile(join(stateFolder, 'whatsthecraic/dev/jwt-secret'), 'utf8');
  const before = createHash('sha256')
    .update(await secret())
    .digest('hex');
  await rm(join(repository, 'services/database/migrations', addedMigration));
  const refused = start(t);
  t.is(await refused.ended, 1);
  t.regex(refused.output(), /\d+-dev-test.*\n.*make dev FRESH=1\ncode: MIGRATION_MISSING/);

  dev = start(always, ['--fresh', '1']);
  await dev.until(/Ctrl-C ends all/);

  t.not(
    createHash('sha256')
      .update(await secret())
      .digest('hex'),
    before,
  );
  t.is((await fetch(`${site}/health`)).status, 200);
});

test.serial('make dev – without root – works where the packages are installed', async (t) => {
  dev.child.kill('SIGTERM');
  t.is(await dev.ended, 0);
  const home = await temporaryFolder();
  t.teardown(() => rm(home, { recursive: true, force: true }));
  await chown(home, 65_534, 65_534);
  const unprivileged = startDev(t, {
    repository,
    stateFolder: home,
    args: ['--port', port],
    env: { XDG_CACHE_HOME: home, HOME: home },
    through: asNobody,
  });
  await unprivileged.until(/Ctrl-C ends all/);
  t.is((await fetch(`${site}/health`)).status, 200);
  unprivileged.child.kill('SIGINT');
  t.is(await unprivileged.ended, 0);
  t.deepEqual(await processesOf(home), []);
});
