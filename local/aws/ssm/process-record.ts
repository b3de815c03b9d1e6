import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { processStartTime } from '../../processes.ts';
import { killGroup } from './script.ts';

const name = 'process.json';

/** Notes a script's process group, so that it can be ended even when this server was killed. */
export async function remember(folder: string, group: number): Promise<void> {
  const startedAt = group > 0 ? await processStartTime(group) : undefined;
  if (startedAt === undefined) return;
  await writeFile(join(folder, name), JSON.stringify({ group, startedAt }), { mode: 0o600 });
}

export async function forget(folder: string): Promise<void> {
  await rm(join(folder, name), { force: true });
}

/** Kills the scripts that a server left behind; gives back how many. */
export async function killLeftScripts(folder: string): Promise<number> {
  const files = await readdir(folder, { recursive: true }).catch(() => []);
  let count = 0;
  for (const file of files.filter((one) => one.endsWith(`/${name}`))) {
    const text = await readFile(join(folder, file), 'utf8').catch(() => '{}');
    const { group = 0, startedAt = '' } = JSON.parse(text) as {
      group?: number;
      startedAt?: string;
    };
    // A pid is reused, a pid with its start time is not.
    if ((await processStartTime(group)) === startedAt) {
      killGroup(group);
      count++;
    }
    await rm(join(folder, file), { force: true });
  }
  return count;
}
