import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A disk has no room for what is to be done, or had none in the middle of it. */
export class DiskFull extends Error {
  override readonly name = 'DiskFull';
  readonly code = 'DISK_FULL';
}

export interface SpaceNeed {
  /** It need not be there yet. */
  readonly folder: string;
  readonly megabytes: number;
}

/** Below it hardly anything can be written. */
const nothingLeft = 16;

const elsewhere = 'XDG_STATE_HOME names another place for the state, XDG_CACHE_HOME for the caches';

/** Throws unless the disks below the folders have room, before anything is written to them. */
export async function requireSpace(needs: readonly SpaceNeed[], command: string): Promise<void> {
  const byDevice = new Map<number, { folder: string; needed: number; free: number }>();
  for (const { folder, megabytes } of needs) {
    const { device, free } = await diskOf(folder);
    const needed = megabytes + (byDevice.get(device)?.needed ?? 0);
    byDevice.set(device, { folder, needed, free });
  }
  for (const { folder, needed, free } of byDevice.values()) {
    if (free >= needed) continue;
    throw new DiskFull(
      `the disk of ${folder} has ${free} MB free, and ${command} needs ${needed} MB there\n` +
        `free some space; ${elsewhere}`,
    );
  }
}

/** Does the work; if it fails because a disk is full, says which one. */
export async function orDiskFull<T>(
  folders: readonly string[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    const disks = await Promise.all(folders.map(diskOf));
    const fullest = disks.toSorted((a, b) => a.free - b.free)[0];
    // A server that waits for space says nothing of it before its time is over.
    if (!fullest || (fullest.free > nothingLeft && !saysFull(cause))) throw cause;
    const [said] = (cause instanceof Error ? cause.message : String(cause)).split('\n', 1);
    throw new DiskFull(
      `the disk of ${fullest.folder} is full, ${fullest.free} MB are left: ${said}\n` +
        `free some space and try again; ${elsewhere}`,
      { cause },
    );
  }
}

function saysFull(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  const says = /ENOSPC|no space left on device/i.test(error.message);
  return code === 'ENOSPC' || says || saysFull(error.cause);
}

async function diskOf(folder: string): Promise<{ folder: string; device: number; free: number }> {
  try {
    const [{ dev }, { bavail, bsize }] = await Promise.all([stat(folder), statfs(folder)]);
    return { folder, device: dev, free: Math.floor((bavail * bsize) / 1_000_000) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || folder === dirname(folder))
      throw error;
    return { ...(await diskOf(dirname(folder))), folder };
  }
}
