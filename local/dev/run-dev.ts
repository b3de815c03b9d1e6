import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { services } from '../../ci/src/services.ts';
import { requireFreePort } from '../free-port.ts';
import { createDatabase } from '../mariadb/databases.ts';
import { type MariaDb, startMariaDb, stopMariaDb } from '../mariadb.ts';
import { jwtSecret } from '../secret.ts';
import { DatabaseNotFilled, fillDatabase, schemaName } from '../site-database.ts';
import { createSourcesServer } from '../sources/server.ts';
import { standIns } from '../sources/stand-ins.ts';
import type { Instance } from '../state.ts';
import { environmentOf, environmentOfIngestion, type Surroundings } from './environment.ts';
import { FolderWatch } from './folder-watch.ts';
import { Ingestion } from './ingestion.ts';
import { readInputs } from './inputs.ts';
import { choosePorts } from './ports.ts';
import type { Printer } from './printer.ts';
import { beginAnew, Reloader } from './reloader.ts';
import { ServiceProcess } from './service-process.ts';

export interface DevOptions {
  readonly instance: Instance;
  /** The repository's root. */
  readonly repository: string;
  /** Port of this machine's loopback at which the site stands. */
  readonly port: number;
  /** Whether the database begins empty. */
  readonly fresh: boolean;
  readonly printer: Printer;
  /** Told once when all services were started. */
  readonly onStarted: (where: Pick<Surroundings, 'ports' | 'sourcesUrl'>) => void;
  /** Ends it. */
  readonly signal: AbortSignal;
}

/** Runs the six services from their sources on a database of their own until told to end. */
export async function runDev(options: DevOptions): Promise<void> {
  const { instance, repository, port, fresh, printer, signal } = options;
  await requireFreePort(port, 'make dev');
  if (fresh) {
    await stopMariaDb(instance);
    await rm(instance.stateFolder, { recursive: true, force: true });
  }
  const ports = await choosePorts(port);
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => stopMariaDb(instance));
  const server = await startMariaDb(instance, { say: printer.say });
  const database = await openDatabase(server);
  const fill = () => fillDatabase(database.migrate, { instance, repository, say: printer.say });
  await fill().catch((error: unknown) => {
    if (error instanceof DatabaseNotFilled) error.message += `\n${beginAnew}`;
    throw error;
  });
  if (signal.aborted) return;

  const sources = createSourcesServer(standIns());
  cleanUp.defer(() => sources.close());
  const around = {
    ports,
    sourcesUrl: await sources.listen(),
    database: database.app,
    jwtSecret: await jwtSecret(instance),
    compileCache: join(instance.stateFolder, 'compiled'),
  };
  const processes = servicesIn(repository, around, printer);
  cleanUp.defer(async () => {
    await Promise.all([...processes.values()].map((it) => it.stop()));
  });
  const ingestion = new Ingestion({
    ...{ repository, env: environmentOfIngestion(around), say: printer.say },
    print: (line) => printer.service('ingest', line),
  });
  cleanUp.defer(() => ingestion.close());
  const reloader = new Reloader({
    ...{ repository, processes, fill, say: printer.say },
    onReload: (names) => names.includes('events-service') && ingestion.edited(),
  });
  const folders = services.map(({ name }) => `services/${name}/src`);
  const others = ['services/platform/src', 'services/database/migrations'];
  const roots = [...folders, ...others].map((folder) => join(repository, folder));
  const watch = new FolderWatch(roots, () => reloader.changed());
  cleanUp.defer(() => reloader.close());
  cleanUp.defer(() => watch.close());
  await watch.start();
  reloader.ran(await readInputs(repository));
  const ended = untilAborted(signal);
  await Promise.race([Promise.all([...processes.values()].map((it) => it.start())), ended]);
  if (!signal.aborted) {
    options.onStarted(around);
    ingestion.start();
  }
  await ended;
  printer.say('stopping');
}

async function openDatabase(server: MariaDb) {
  const { app, migrate } = await createDatabase(server, schemaName);
  const at = { host: server.host, port: server.port, name: schemaName };
  return { app: { ...at, ...app }, migrate: { ...at, ...migrate } };
}

function servicesIn(
  repository: string,
  around: Surroundings,
  { service: print, say }: Printer,
): ReadonlyMap<string, ServiceProcess> {
  return new Map(
    services.map((service) => {
      const { name } = service;
      const env = environmentOf(service, around);
      const print1 = (line: string) => print(name, line);
      return [name, new ServiceProcess({ name, repository, env, print: print1, say })];
    }),
  );
}

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
