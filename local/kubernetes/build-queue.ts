import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { processStartTime } from '../processes.ts';

/**
 * Builds of one and the same thing take turns, so that two starts at once on a fresh machine take
 * no longer than one. A build's place in the queue is its temporary folder, whose name says since
 * when and for which process it stands.
 */

const POLL_MS = 250;

/** The builder before us is at work for longer than a build may take. */
export class BuildStuck extends Error {
  override readonly name = 'BuildStuck';
  readonly code = 'BUILD_STUCK';
}

/** Makes the caller's temporary folder below `folder` and gives back its name. */
export async function enterQueue(folder: string, name: string): Promise<string> {
  const since = String(Date.now()).padStart(15, '0');
  const holder = `${process.pid}-${await processStartTime(process.pid)}`;
  // Threads have one process id between them.
  const own = `${name}.${since}-${holder}-${randomBytes(4).toString('hex')}.tmp`;
  await mkdir(join(folder, own), { recursive: true });
  return own;
}

/** The temporary folders of living builders, the first come first; those of dead ones are removed. */
export async function queue(folder: string, name: string): Promise<string[]> {
  const places: string[] = [];
  for (const place of (await readdir(folder)).sort()) {
    const [, of, pid, startedAt] = /^(.+)\.\d+-(\d+)-(\d+)-\w+\.tmp$/.exec(place) ?? [];
    if (pid === undefined) continue;
    if ((await processStartTime(Number(pid))) !== startedAt) {
      await rm(join(folder, place), { recursive: true, force: true });
    } else if (of === name) {
      places.push(place);
    }
  }
  return places;
}

/** Waits until no builder is before us, because it has finished, failed or died. */
export async function waitForTurn(
  folder: string,
  name: string,
  own: string,
  deadline: number,
): Promise<void> {
  for (;;) {
    const [first] = await queue(folder, name);
    if (!first || first === own) return;
    if (Date.now() > deadline) {
      throw new BuildStuck(`${join(folder, first)} is in the making for too long; end its process`);
    }
    await sleep(POLL_MS);
  }
}
