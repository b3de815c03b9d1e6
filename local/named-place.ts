import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { namespace } from '../ci/src/namespace.ts';
import { openTarget } from '../ci/src/target/open-target.ts';
import { exists } from './exists.ts';
import { buildProgram } from './kubernetes/build.ts';
import { claimDatabase, dropClaimed } from './mariadb/databases.ts';
import type { Place } from './place.ts';
import { run } from './run.ts';
import type { SiteDatabase } from './secret.ts';
import { schemaName } from './site-database.ts';
import type { Instance } from './state.ts';

/** A cluster and a database that were named on the command line. */
export interface Named {
  /** A context of ~/.kube/config. */
  readonly cluster: string;
  /** `mysql://user@host[:port]/gigsdb`; the password comes from DATABASE_PASSWORD. */
  readonly database: string;
  /** A registry from which that cluster can pull, as `--registry` takes it. */
  readonly registry: string;
}

/** The options of `make up` and `make down` that name a place. */
export const namedOptions = {
  cluster: { type: 'string' },
  database: { type: 'string' },
  registry: { type: 'string' },
} as const;

/** What was named cannot be used. */
export class NamedPlaceInvalid extends Error {
  override readonly name = 'NamedPlaceInvalid';
  readonly code = 'PLACE_INVALID';
}

/** The place that the options name; undefined if they name none, and an error if they name half. */
export function parseNamed(
  options: { readonly [option in keyof Named]?: string | undefined },
): Named | undefined {
  const { cluster, database, registry } = options;
  if (!cluster && !database && !registry) return undefined;
  if (cluster && database && registry) return { cluster, database, registry };
  throw new NamedPlaceInvalid(
    'another cluster is named by all three: make up CLUSTER=<context> DATABASE=mysql://<user>@<host>/gigsdb REGISTRY=<host>; ' +
      'the cluster must reach the database and pull from the registry',
  );
}

export interface NamedPlace extends Place {
  readonly dropDatabase: () => Promise<void>;
}

/** Opens a named place; nothing of it is touched before it bears this instance's mark. */
export async function namedPlace(
  instance: Instance,
  named: Named,
  say: (text: string) => void,
  env: NodeJS.ProcessEnv = process.env,
): Promise<NamedPlace> {
  const account = parseDatabase(named.database, env.DATABASE_PASSWORD);
  const kubectl = join(await buildProgram(instance.cacheFolder, say), 'kubectl');
  await mkdir(instance.stateFolder, { recursive: true, mode: 0o700 });
  const kubeconfig = join(instance.stateFolder, 'named.kubeconfig');
  await writeFile(kubeconfig, await readContext(kubectl, named.cluster, env), { mode: 0o600 });
  const instanceId = await readInstanceId(instance);
  return {
    isOwn: false,
    instanceId,
    kubectl,
    kubeconfig,
    registry: named.registry,
    openTarget: () => openTarget({ overlay: 'local', kubeconfig, kubectl }),
    prepareDatabase: async () => {
      await using connection = await connectTo(account);
      await claimDatabase(connection, account.name, instanceId);
      return { app: account, migrate: account };
    },
    dropDatabase: async () => {
      await using connection = await connectTo(account);
      await dropClaimed(connection, account.name, instanceId);
    },
    frontDoor: async (port) => {
      const forward = ['port-forward', 'service/aggregator', `${port}:4000`];
      return [kubectl, '--kubeconfig', kubeconfig, '--namespace', namespace, ...forward];
    },
  };
}

/** Throws if the instance stands in a place that was named: only there it can be removed. */
export async function requireUnnamed(instance: Instance): Promise<void> {
  if (!(await exists(join(instance.stateFolder, 'named.kubeconfig')))) return;
  throw new NamedPlaceInvalid(
    'this platform stands in a cluster that was named: give make down the same CLUSTER, DATABASE and REGISTRY',
  );
}

const connectTo = ({ host, port, user, password }: SiteDatabase) =>
  createConnection({ host, port, user, password, connectTimeout: 10_000 });

/** Reads `DATABASE`; a password in it would be visible to every process of this machine. */
export function parseDatabase(url: string, password: string | undefined): SiteDatabase {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const name = parsed?.pathname.slice(1) ?? '';
  // The services' ConfigMap names that database.
  if (parsed?.protocol !== 'mysql:' || !parsed.username || name !== schemaName) {
    throw new NamedPlaceInvalid(`DATABASE: expected mysql://<user>@<host>[:<port>]/${schemaName}`);
  }
  if (parsed.password || !password) {
    throw new NamedPlaceInvalid(
      'DATABASE: give the password by the environment variable DATABASE_PASSWORD, not in the URL',
    );
  }
  return {
    host: parsed.hostname,
    port: Number(parsed.port || 3306),
    name,
    user: decodeURIComponent(parsed.username),
    password,
  };
}

/** One context with its credentials, from the user's own kubeconfig whatever KUBECONFIG says. */
function readContext(kubectl: string, context: string, env: NodeJS.ProcessEnv): Promise<string> {
  const file = join(env.HOME || homedir(), '.kube', 'config');
  const args = ['config', 'view', '--raw', '--minify', '--flatten', '--context', context];
  return run([kubectl, '--kubeconfig', file, ...args], { timeoutMs: 10_000 }).catch((cause) => {
    throw new NamedPlaceInvalid(
      `CLUSTER: there is no context ${JSON.stringify(context)} in ${file}`,
      { cause },
    );
  });
}

async function readInstanceId(instance: Instance): Promise<string> {
  const file = join(instance.stateFolder, 'instance-id');
  const known = await readFile(file, 'utf8').catch(() => undefined);
  if (known) return known;
  const id = randomBytes(16).toString('hex');
  await writeFile(file, id, { mode: 0o600 });
  return id;
}
