import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, createConnection } from 'mysql2/promise';
import { exists } from './exists.ts';
import { readCredentials, writeCredentials } from './mariadb/credentials.ts';
import { dataFolderOf, initFileOf, serverOptions, socketOf } from './mariadb/options.ts';
import { copyTemplate, SERVER_PROGRAM } from './mariadb/template.ts';
import { databasePackages } from './needs.ts';
import { installPackages } from './packages.ts';
import { writePrivateFile } from './private-file.ts';
import { logFile, runningServer, startServer, stopServer } from './processes.ts';
import type { Instance } from './state.ts';
import { tryListen } from './try-listen.ts';

export interface MariaDb {
  readonly host: string;
  readonly port: number;
  readonly socket: string;
  readonly folder: string;
  readonly instanceId: string;
}

export interface MariaDbOptions {
  /** Where it listens: loopback, or the host's address on the link to the cluster. */
  readonly address?: string;
  /** The default is the port of the last start, at first any free one. */
  readonly port?: number;
  /** Arguments that, put before a command, run it elsewhere: where the data folder is a disk of its own. */
  readonly enter?: readonly string[];
  readonly say?: (text: string) => void;
}

/** The server ended, or did not answer in time. */
export class MariaDbNotStarted extends Error {
  override readonly name = 'MariaDbNotStarted';
  readonly code = 'MARIADB_NOT_STARTED';
}

const NAME = 'mariadb';
const START_LIMIT_MS = 30_000;
/** Beyond it the kernel has no room for a socket's path: unix(7). */
const LONGEST_SOCKET_PATH = 107;

/** Starts the instance's own MariaDB, or finds it running; a server of the machine is never met. */
export async function startMariaDb(
  instance: Instance,
  options: MariaDbOptions = {},
): Promise<MariaDb> {
  const { address = '127.0.0.1', enter = [], say = () => {} } = options;
  await installPackages(databasePackages, say);
  const folder = join(instance.stateFolder, NAME);
  requireShort(socketOf(folder));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const credentials = await readCredentials(folder);
  const at = (port: number): MariaDb => ({
    host: address,
    port,
    socket: socketOf(folder),
    folder,
    instanceId: credentials.instanceId,
  });
  if (credentials.port !== null && (await runningServer(instance, NAME))) {
    const server = at(credentials.port);
    await waitUntilReady(instance, server);
    return server;
  }

  if (!(await exists(dataFolderOf(folder)))) await copyTemplate(instance, dataFolderOf(folder));
  const port = options.port ?? (await freePort(address, credentials.port));
  await writeCredentials(folder, { ...credentials, port });
  await writePrivateFile(
    initFileOf(folder),
    `ALTER USER 'root'@'localhost' IDENTIFIED BY '${credentials.adminPassword}';\n`,
  );
  await rm(socketOf(folder), { force: true });
  const [command = '', ...args] = [
    ...enter,
    SERVER_PROGRAM,
    ...serverOptions({ folder, address, port }),
  ];
  await startServer(instance, {
    name: NAME,
    command,
    args,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', TZ: 'UTC' },
  });
  const server = at(port);
  await waitUntilReady(instance, server);
  return server;
}

/** Stops the instance's MariaDB; its data stays in the state folder. */
export const stopMariaDb = (instance: Instance) => stopServer(instance, NAME, 15_000);

/** A connection of the administrator, over the socket: nobody administrates over TCP. */
export async function connectAdmin(server: MariaDb): Promise<Connection> {
  const { adminPassword } = await readCredentials(server.folder);
  return createConnection({
    socketPath: server.socket,
    user: 'root',
    password: adminPassword,
    charset: 'utf8mb4',
    timezone: 'Z',
    connectTimeout: 5_000,
  });
}

async function waitUntilReady(instance: Instance, server: MariaDb): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const admin = await connectAdmin(server);
      await admin.end();
      return;
    } catch (error) {
      last = error;
    }
    if (!(await runningServer(instance, NAME))) break;
    await sleep(25);
  }
  const file = logFile(instance, NAME);
  const log = await readFile(file, 'utf8').catch(() => '');
  const tail = log.trim().split('\n').slice(-8).join('\n');
  throw new MariaDbNotStarted(
    `MariaDB does not answer on ${server.socket}; the end of ${file}:\n${tail}`,
    { cause: last },
  );
}

/** The wished port if it is free, else any. */
async function freePort(address: string, wished: number | null): Promise<number> {
  if (wished !== null && (await tryListen(address, wished)) !== undefined) return wished;
  const port = await tryListen(address, 0);
  if (port !== undefined) return port;
  throw new MariaDbNotStarted(
    `no port can be opened on ${address}; is it an address of this machine?`,
  );
}

function requireShort(path: string): void {
  const length = Buffer.byteLength(path);
  if (length <= LONGEST_SOCKET_PATH) return;
  throw new TypeError(
    `socket path: at most ${LONGEST_SOCKET_PATH} bytes, got ${length}: ${path}; ` +
      'set XDG_STATE_HOME to a shorter folder',
  );
}
