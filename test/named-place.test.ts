import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import test from 'ava';
import { createAdmin } from '../local/admin.ts';
import { connectAdmin } from '../local/mariadb.ts';
import { bringUp, takeDown } from '../local/platform.ts';
import { run } from '../local/run.ts';
import { type Servers, startServers, stopServers } from '../local/servers.ts';
import { instance } from '../local/state.ts';

// Servers of one instance are what the command line names for another.
const elsewhere = instance('named-place');
const own = instance('named-up');
const repository = fileURLToPath(new URL('..', import.meta.url));
const quiet = () => undefined;

let servers: Servers;
let home: string;

test.before(async () => {
  // The caches stay the machine's own; only ~/.kube is a test's.
  process.env.XDG_CACHE_HOME ||= join(homedir(), '.cache');
  process.env.XDG_STATE_HOME ||= join(homedir(), '.local', 'state');
  servers = await startServers(elsewhere, quiet);
  home = await mkdtemp(join(tmpdir(), 'home-'));
  await mkdir(join(home, '.kube'));
  const { kubectl, kubeconfig } = servers.cluster;
  const view = [kubectl, '--kubeconfig', kubeconfig, 'config', 'view', '--raw', '--flatten'];
  await writeFile(join(home, '.kube', 'config'), await run(view), { mode: 0o600 });
  await using admin = await connectAdmin(servers.database);
  await admin.query("CREATE OR REPLACE USER 'site'@'%' IDENTIFIED BY 'slán-abhaile-1'");
  await admin.query("GRANT ALL ON `gigsdb`.* TO 'site'@'%'");
  process.env.HOME = home;
  process.env.DATABASE_PASSWORD = 'slán-abhaile-1';
});

test.after.always(async () => {
  await stopServers(elsewhere, quiet);
  await rm(elsewhere.stateFolder, { recursive: true, force: true });
  await rm(own.stateFolder, { recursive: true, force: true });
  if (home) await rm(home, { recursive: true, force: true });
});

const context = async () => {
  const { kubectl, kubeconfig } = servers.cluster;
  return (await run([kubectl, '--kubeconfig', kubeconfig, 'config', 'current-context'])).trim();
};

const named = async () => ({
  cluster: await context(),
  database: `mysql://site@${servers.database.host}:${servers.database.port}/gigsdb`,
  registry: `http://${servers.registry}`,
});

const up = async (name: string) =>
  bringUp({
    instance: instance(name),
    repository,
    port: 4610,
    soakSeconds: 0,
    named: await named(),
    say: quiet,
  });

const admin = () => createAdmin(servers.cluster.kubectl, servers.cluster.kubeconfig);

test.serial(
  'make up CLUSTER=… – a schema that somebody made – is refused and left alone',
  async (t) => {
    await using root = await connectAdmin(servers.database);
    await root.query('CREATE DATABASE gigsdb');
    await root.query('CREATE TABLE gigsdb.theirs (id INT PRIMARY KEY)');

    await t.throwsAsync(up(own.name), { code: 'DATABASE_NOT_OURS' });

    const [tables] = await root.query('SHOW TABLES FROM gigsdb');
    t.is((tables as unknown[]).length, 1);
    t.is(await admin()(['get', 'deployments', '-A', '-o', 'name']), '');
    await root.query('DROP DATABASE gigsdb');
  },
);

test.serial(
  'make up CLUSTER=… – a cluster and a database by name – serves from there',
  async (t) => {
    const { release, url } = await up(own.name);

    t.is(release.state, 'verified');
    t.is((await fetch(`${url}/v1/events/search?limit=1`)).status, 200);
  },
);

test.serial('make up CLUSTER=… – what another instance made – is refused', async (t) => {
  const other = instance('named-two');
  t.teardown(() => rm(other.stateFolder, { recursive: true, force: true }));

  const error = await t.throwsAsync(
    bringUp({
      instance: other,
      repository,
      port: 4611,
      soakSeconds: 0,
      named: await named(),
      say: quiet,
    }),
  );

  t.is((error as { code?: string }).code, 'NAMESPACE_NOT_OURS');
});

test.serial('make down – without naming the place – says to name it', async (t) => {
  await t.throwsAsync(takeDown({ instance: own, say: quiet }), { code: 'PLACE_INVALID' });
});

test.serial('make down CLUSTER=… – removes what it made, there and here', async (t) => {
  await takeDown({ instance: own, named: await named(), say: quiet });

  t.is(await admin()(['get', 'namespaces', '--field-selector=metadata.name=whatsthecraic']), '');
  await using root = await connectAdmin(servers.database);
  const [databases] = await root.query("SHOW DATABASES LIKE 'gigsdb'");
  t.deepEqual(databases, []);
});
