import { spawn } from 'node:child_process';
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cgroupRoot } from './kubernetes/cgroups.ts';
import { endMarked } from './marked-processes.ts';
import { withoutRunMark } from './own-run.ts';
import { writePrivateFile } from './private-file.ts';
import type { Instance } from './state.ts';

export interface Server {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

interface ProcessRecord {
  readonly name: string;
  readonly pid: number;
  /** Field 22 of /proc/<pid>/stat: a pid is reused, a pid with its start time is not. */
  readonly startedAt: string;
  readonly command: string;
}

/** Borne by every server, so that one is found whose starter was killed before it wrote a record. */
const SERVER_MARK = 'WHATSTHECRAIC_SERVER';
const markOf = (instance: Instance, name: string) => `${cgroupRoot(instance)}/${name}`;

const recordFolder = (instance: Instance) => join(instance.stateFolder, 'processes');
const recordFile = (instance: Instance, name: string) =>
  join(recordFolder(instance), `${name}.json`);

/** Where a server's output goes. */
export const logFile = (instance: Instance, name: string) =>
  join(instance.stateFolder, 'log', `${name}.log`);

/** Starts a server that outlives this process; a server of that name which still runs is kept. */
export async function startServer(instance: Instance, server: Server): Promise<number> {
  const running = await runningServer(instance, server.name);
  if (running) return running.pid;
  await killServers(instance, server.name);

  await mkdir(recordFolder(instance), { recursive: true, mode: 0o700 });
  await mkdir(join(instance.stateFolder, 'log'), { recursive: true });
  const log = await open(logFile(instance, server.name), 'a');
  try {
    const child = spawn(server.command, server.args, {
      detached: true,
      stdio: ['ignore', log.fd, log.fd],
      env: {
        ...withoutRunMark(server.env ?? process.env),
        [SERVER_MARK]: markOf(instance, server.name),
      },
      cwd: server.cwd ?? '/',
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    child.unref();
    const pid = child.pid ?? 0;
    const record: ProcessRecord = {
      name: server.name,
      pid,
      startedAt: (await processStartTime(pid)) ?? '',
      command: server.command,
    };
    await writePrivateFile(recordFile(instance, server.name), JSON.stringify(record));
    return pid;
  } finally {
    await log.close();
  }
}

/** Stops a server: SIGTERM, then after `graceMs` SIGKILL to its whole process group. */
export async function stopServer(instance: Instance, name: string, graceMs = 5_000): Promise<void> {
  const record = await runningServer(instance, name);
  if (record) {
    signal(record.pid, 'SIGTERM');
    const deadline = Date.now() + graceMs;
    while (Date.now() < deadline && (await isAlive(record))) await sleep(50);
    signalGroup(record.pid, 'SIGKILL');
    while (await isAlive(record)) await sleep(20);
  }
  await killServers(instance, name);
  await rm(recordFile(instance, name), { force: true });
}

/** Kills all servers of the instance that are still there, on record or not. */
export const killAllServers = (instance: Instance): Promise<void> =>
  endMarked(SERVER_MARK, (value) => value.startsWith(markOf(instance, '')));

/** Kills what bears the mark of one server: itself if it is on no record, and what it left behind. */
const killServers = (instance: Instance, name: string): Promise<void> =>
  endMarked(SERVER_MARK, (value) => value === markOf(instance, name));

/** Names of the servers on record, running or not. */
export async function recordedServers(instance: Instance): Promise<string[]> {
  const files = await readdir(recordFolder(instance)).catch(() => []);
  return files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -5));
}

/** The record of a server that runs now. */
export async function runningServer(
  instance: Instance,
  name: string,
): Promise<ProcessRecord | undefined> {
  const text = await readFile(recordFile(instance, name), 'utf8').catch(() => undefined);
  if (!text) return undefined;
  const record = JSON.parse(text) as ProcessRecord;
  return (await isAlive(record)) ? record : undefined;
}

async function isAlive(record: ProcessRecord): Promise<boolean> {
  return record.startedAt !== '' && (await processStartTime(record.pid)) === record.startedAt;
}

/** Field 22 of `/proc/<pid>/stat`, absent when there is no such process or only its zombie. */
export async function processStartTime(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The second field is the command in parentheses and may hold blanks; count after the last ")".
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (!fields || fields[0] === 'Z') return undefined;
  return fields[19];
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended by itself in the meantime.
  }
}

const signalGroup = (pid: number, name: NodeJS.Signals) => signal(-pid, name);
