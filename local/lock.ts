import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { processStartTime } from './processes.ts';
import type { Instance } from './state.ts';

/** Another `make up` or `make down` works on the same instance. */
export class Locked extends Error {
  override readonly name = 'Locked';
  readonly code = 'INSTANCE_LOCKED';
}

/** Runs `work` while no other process works on the instance; a dead holder's lock does not count. */
export async function withLock<T>(instance: Instance, work: () => Promise<T>): Promise<T> {
  await mkdir(instance.stateFolder, { recursive: true, mode: 0o700 });
  const file = join(instance.stateFolder, 'lock');
  await take(file, instance.name);
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
}

async function take(file: string, name: string): Promise<void> {
  const own = JSON.stringify({ pid: process.pid, startedAt: await processStartTime(process.pid) });
  for (const lastTry of [false, true]) {
    try {
      const handle = await open(file, 'wx', 0o600);
      await handle.writeFile(own);
      await handle.close();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const text = await readFile(file, 'utf8').catch(() => '');
    const holder = parseHolder(text);
    if (lastTry || (holder && (await processStartTime(holder.pid)) === holder.startedAt)) {
      throw new Locked(
        `process ${holder?.pid ?? '?'} is at work on "${name}"; wait for it to end, or stop it`,
      );
    }
    await rm(file, { force: true });
  }
}

function parseHolder(text: string): { pid: number; startedAt: string } | undefined {
  try {
    return JSON.parse(text) as { pid: number; startedAt: string };
  } catch {
    return undefined;
  }
}
