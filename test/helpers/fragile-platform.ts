import { cp, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Connection } from 'mysql2/promise';
import { createDatabase, type DatabaseUser } from '../../local/mariadb/databases.ts';
import { dataFolderOf } from '../../local/mariadb/options.ts';
import { copyTemplate } from '../../local/mariadb/template.ts';
import { connectAdmin, type MariaDb, startMariaDb, stopMariaDb } from '../../local/mariadb.ts';
import { fillDatabase, schemaName } from '../../local/site-database.ts';
import { type Instance, instance } from '../../local/state.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { type SixServices, startSixServices, stopServiceProcess } from './six-services.ts';
import { makeSmallDisk, type SmallDisk } from './small-disk.ts';

const DISK_MEGABYTES = 192;

/** The six services as processes, on a database that can be made to fail in every way. */
export interface FragilePlatform {
  readonly six: SixServices;
  readonly proxy: FaultProxy;
  readonly disk: SmallDisk;
  readonly server: MariaDb;
  /** The account of the services. */
  readonly app: DatabaseUser;
  /** The administrator; another one after each start. */
  readonly admin: Connection;
  /** What a service is given: the database behind the proxy. */
  readonly environment: NodeJS.ProcessEnv;
  stopDatabase(): Promise<void>;
  startDatabase(): Promise<void>;
  close(): Promise<void>;
}

export async function startFragilePlatform(say: (text: string) => void): Promise<FragilePlatform> {
  const folder = await mkdtemp(join(tmpdir(), 'wtc-'));
  const own = instance('fragile', { ...process.env, XDG_STATE_HOME: folder });
  const disk = await makeDataDisk(own);
  const start = () => startMariaDb(own, { enter: disk.enter });
  const server = await start();
  const { app, migrate } = await createDatabase(server, schemaName);
  const at = { host: server.host, port: server.port, name: schemaName };
  const repository = fileURLToPath(new URL('../..', import.meta.url));
  await fillDatabase({ ...at, ...migrate }, { instance: own, repository, say });
  let admin = await openAdmin(server);
  const proxy = await startFaultProxy(server);
  const environment = {
    DB_HOST: proxy.host,
    DB_PORT: String(proxy.port),
    DB_USER: app.user,
    DB_PASSWORD: app.password,
    DB_NAME: schemaName,
  };
  const six = await startSixServices(environment);
  return {
    ...{ six, proxy, disk, server, app, environment },
    get admin() {
      return admin;
    },
    stopDatabase: () => stopMariaDb(own),
    async startDatabase() {
      admin = await openAdmin(await start());
    },
    async close() {
      for (const service of Object.values(six)) await stopServiceProcess(service);
      await proxy.close();
      await stopMariaDb(own);
      await disk.remove();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function makeDataDisk(own: Instance): Promise<SmallDisk> {
  const data = dataFolderOf(join(own.stateFolder, 'mariadb'));
  await mkdir(data, { recursive: true });
  const disk = await makeSmallDisk(data, DISK_MEGABYTES);
  await copyTemplate(own, `${data}.template`);
  await cp(`${data}.template`, disk.folder, { recursive: true });
  return disk;
}

async function openAdmin(server: MariaDb): Promise<Connection> {
  const admin = await connectAdmin(server);
  admin.on('error', () => {}); // A test takes the server away.
  await admin.changeUser({ database: schemaName });
  return admin;
}
