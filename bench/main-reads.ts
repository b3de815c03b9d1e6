import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { createDatabase } from '../local/mariadb/databases.ts';
import { connectAdmin } from '../local/mariadb.ts';
import { demo, fillDatabase, schemaName } from '../local/site-database.ts';
import { type LoadResult, startLoad } from '../test/helpers/load.ts';
import {
  type ServiceProcess,
  startSixServices,
  stopServiceProcess,
} from '../test/helpers/six-services.ts';
import { type OwnMariaDb, withMariaDb } from './own-mariadb.ts';

/** The main read of each service at a fixed rate on one core, beside a bare handler of the same statements. */
const PER_SECOND = Number(process.argv[2] ?? 50);
const SECONDS = Number(process.argv[3] ?? 8);
/** Enough for V8 to have compiled what runs: a handful of requests costs five times as much each. */
const WARM_UP = { perSecond: 150, seconds: 10 };
/** The generator and MariaDB have the other ones. */
const CORE = cpus().length - 1;

const reads: readonly (readonly [service: string, path: string])[] = [
  ['events-service', '/v1/events/search?limit=20'],
  ['dj-service', '/v1/djs/search?city=Dublin'],
  ['dj-service', '/djs/1'],
  ['venue-service', '/v1/venues/search?near=53.3498,-6.2603'],
  ['ml-service', '/v1/recommendations'],
  ['auth-service', '/auth/me'],
];

const root = fileURLToPath(new URL('..', import.meta.url));

interface Measured {
  readonly load: LoadResult;
  readonly cpuMicros: number;
}

async function measure(
  pid: number,
  url: string,
  headers: Record<string, string>,
): Promise<Measured> {
  const warmUp = startLoad(url, WARM_UP.perSecond, 'kept', headers);
  await sleep(WARM_UP.seconds * 1_000);
  await warmUp.stop();
  const before = cpuSeconds(pid);
  const load = startLoad(url, PER_SECOND, 'kept', headers);
  await sleep(SECONDS * 1_000);
  const result = await load.stop();
  return { load: result, cpuMicros: ((cpuSeconds(pid) - before) / result.sent) * 1e6 };
}

/** User and system time; in ticks of a hundredth of a second. */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** The statements that one request makes; the values of prepared ones, which no log has, in their order. */
async function statementsOf(
  admin: Connection,
  url: string,
  headers: Record<string, string>,
  values: readonly (string | number)[],
) {
  const rest = [...values];
  // What a service keeps for a minute is read by the request before.
  await fetch(url, { headers });
  await admin.query("SET GLOBAL log_output = 'TABLE'");
  await admin.query('TRUNCATE TABLE mysql.general_log');
  await admin.query('SET GLOBAL general_log = 1');
  const answer = await fetch(url, { headers });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  await admin.query('SET GLOBAL general_log = 0');
  const [rows] = await admin.query<RowDataPacket[]>(
    "SELECT CONVERT(argument USING utf8mb4) AS sql_text FROM mysql.general_log WHERE command_type IN ('Query', 'Execute')",
  );
  return rows
    .map(({ sql_text }) => String(sql_text))
    .filter((sql) => /^\s*SELECT/i.test(sql) && !/^\s*SELECT 1\b|schema_migrations/i.test(sql))
    .map((sql) => ({ sql, values: rest.splice(0, sql.match(/= \?|> \?/g)?.length ?? 0) }));
}

async function startBare(
  file: string,
  statements: readonly object[],
  environment: NodeJS.ProcessEnv,
) {
  await writeFile(file, JSON.stringify(statements));
  const argv = ['--conditions=source', join(root, 'bench/bare-express.ts'), file];
  const child = spawn(process.execPath, argv, {
    env: { ...process.env, NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, url: `http://127.0.0.1:${String(port).trim()}/` };
}

const pin = (pid: number) =>
  once(spawn('taskset', ['-acp', String(CORE), String(pid)], { stdio: 'ignore' }), 'exit');

/** What is the process's own: files of the system it shares with all others on a node. */
const memory = ({ child }: ServiceProcess) => {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  return Math.round(Number(/^RssAnon:\s+(\d+)/m.exec(status)?.[1]) / 1_024);
};

function valuesOf(path: string, token: string): readonly (string | number)[] {
  if (path === '/djs/1') return [1];
  if (path !== '/auth/me') return [];
  const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
  return [claims.sid, Number(claims.sub), '2020-01-01 00:00:00', Number(claims.sub)];
}

const limitOf = (name: string) =>
  /limits:.*?memory: (\d+)Mi/s.exec(
    readFileSync(join(root, `k8s/base/${name}/deployment.yaml`), 'utf8'),
  )?.[1] ?? '?';

const row = (...cells: readonly unknown[]) => console.log(`| ${cells.join(' | ')} |`);
const told = ({ load, cpuMicros }: Measured) => [
  Math.round(cpuMicros),
  `${load.p50} / ${load.p99}`,
  Object.values(load.failures).reduce((sum, n) => sum + n, 0),
];

await withMariaDb('bench-reads', measureAll);

async function measureAll({ server, instance, folder }: OwnMariaDb): Promise<void> {
  const { app, migrate } = await createDatabase(server, schemaName);
  const at = { host: server.host, port: server.port, name: schemaName };
  await fillDatabase({ ...at, ...migrate }, { instance, repository: root, say: console.error });
  const environment = {
    ...{ DB_HOST: server.host, DB_PORT: String(server.port), DB_NAME: schemaName },
    ...{ DB_USER: app.user, DB_PASSWORD: app.password },
    // As in a pod, whose heap is told by its limit; here by the smallest one of them.
    NODE_OPTIONS: '--max-old-space-size=96 --max-semi-space-size=4',
  };
  const admin = await connectAdmin(server);
  const six: Readonly<Record<string, ServiceProcess>> = await startSixServices(environment);
  try {
    await sleep(3_000);
    const idle = new Map<string, number>();
    for (const service of Object.values(six)) {
      await pin(service.child.pid ?? 0);
      idle.set(service.name, memory(service));
    }
    const login = await fetch(`${six['auth-service']?.url}/auth/login`, {
      ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
      body: JSON.stringify(demo),
    });
    const { token } = (await login.json()) as { token: string };

    console.log(
      `${PER_SECOND} requests a second for ${SECONDS} s, load average ${loadavg()[0]?.toFixed(1)}\n`,
    );
    row(
      'read',
      'CPU µs',
      'ms p50 / p99',
      'failed',
      'bare: CPU µs',
      'ms p50 / p99',
      'failed',
      'statements',
    );
    row(...Array<string>(8).fill('---'));
    for (const [name, path] of reads) {
      const service = six[name] as ServiceProcess;
      const headers: Record<string, string> =
        name === 'auth-service' ? { authorization: `Bearer ${token}` } : {};
      const url = service.url + path;
      const statements = await statementsOf(admin, url, headers, valuesOf(path, token));
      const ours = await measure(service.child.pid ?? 0, url, headers);
      const bare = await startBare(join(folder, 'statements.json'), statements, environment);
      await pin(bare.child.pid ?? 0);
      const beside = await measure(bare.child.pid ?? 0, bare.url, {});
      bare.child.kill();
      row(`${name} ${path}`, ...told(ours), ...told(beside), statements.length);
    }

    console.log('');
    row('through the gateway', 'its CPU µs', 'ms p50 / p99', 'failed');
    row('---', '---', '---', '---');
    const gateway = six.aggregator as ServiceProcess;
    const search = `${gateway.url}/v1/events/search?limit=20`;
    const pid = gateway.child.pid ?? 0;
    row('asked each time', ...told(await measure(pid, search, { 'cache-control': 'no-cache' })));
    row('kept for all', ...told(await measure(pid, search, {})));
    row('/api/gigs', ...told(await measure(pid, `${gateway.url}/api/gigs`, {})));

    console.log('');
    row('memory MiB', 'idle', 'after these reads', 'limit');
    row('---', '---', '---', '---');
    for (const service of Object.values(six)) {
      row(service.name, idle.get(service.name), memory(service), limitOf(service.name));
    }
    await admin.end();
  } finally {
    for (const service of Object.values(six)) await stopServiceProcess(service);
  }
}
