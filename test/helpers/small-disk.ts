import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm, statfs, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A file system of a few megabytes. */
export interface SmallDisk {
  /** Its root, as seen from outside. */
  readonly folder: string;
  /** Arguments that, put before a command, run it where the disk is mounted. */
  readonly enter: readonly string[];
  /** Leaves no byte free. */
  fill(): Promise<void>;
  /** Frees what `fill` took. */
  empty(): Promise<void>;
  remove(): Promise<void>;
}

/**
 * Mounts a disk in memory over a folder, seen only in the mount namespace of a process that ends
 * with this one, however that ends; the kernel then takes the disk away.
 */
export async function makeSmallDisk(mountPoint: string, megabytes: number): Promise<SmallDisk> {
  const script = 'mount -t tmpfs -o "size=$1,mode=0700" tmpfs "$2" && echo made && exec cat';
  const apart = ['--mount', '--propagation', 'private', '--', 'sh', '-c', script, 'sh'];
  const holder = spawn('/usr/bin/unshare', [...apart, `${megabytes}m`, mountPoint], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(holder, 'exit');
  const made = once(holder.stdout, 'data').then(() => true);
  if (!(await Promise.race([made, ended.then(() => false)]))) {
    throw new Error('no disk in memory: root is needed');
  }
  const folder = `/proc/${holder.pid}/root${mountPoint}`;
  const filler = join(folder, 'filler');
  return {
    folder,
    enter: ['nsenter', `--mount=/proc/${holder.pid}/ns/mnt`, '--'],
    async fill() {
      const { bavail, bsize } = await statfs(folder);
      await writeFile(filler, Buffer.alloc(bavail * bsize, 1));
    },
    empty: () => rm(filler, { force: true }),
    async remove() {
      holder.stdin.end();
      await ended;
    },
  };
}
