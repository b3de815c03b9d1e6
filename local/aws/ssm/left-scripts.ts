import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A script may start further processes while it is being ended. */
const mostRounds = 20;

/**
 * Kills what is left of the commands that ran from this folder: scripts of a server that was killed
 * itself, and what left its script's process group. They are known by the SSM_COMMAND_ID that every
 * one inherits, so that there is no record which a killed server could have failed to write.
 */
export async function killLeftScripts(folder: string): Promise<void> {
  const commandIds = new Set<string>();
  for (const node of await readdir(folder).catch(() => [])) {
    for (const id of await readdir(join(folder, node)).catch(() => [])) commandIds.add(id);
  }
  if (commandIds.size === 0) return;
  for (let round = 0; round < mostRounds; round++) {
    const left = await processesOf(commandIds);
    if (left.length === 0) return;
    for (const pid of left) kill(pid);
    await sleep(10);
  }
}

async function processesOf(commandIds: ReadonlySet<string>): Promise<number[]> {
  const found: number[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
    const id = /(?:^|\0)SSM_COMMAND_ID=([^\0]+)/.exec(environment)?.[1];
    if (id !== undefined && commandIds.has(id)) found.push(Number(pid));
  }
  return found;
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
  }
}
