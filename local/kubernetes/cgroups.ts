import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { exists } from '../exists.ts';
import type { Instance } from '../state.ts';

const MOUNT = '/sys/fs/cgroup';

/** Name of the control group below which all pods of an instance run; also the node's mark. */
export function cgroupRoot(instance: Instance): string {
  const digest = createHash('sha256').update(instance.stateFolder).digest('hex').slice(0, 8);
  return `whatsthecraic-${instance.name}-${digest}`;
}

/** Makes the instance's control group in every hierarchy, which the kubelet expects to find. */
export async function makeCgroups(instance: Instance): Promise<void> {
  for (const hierarchy of await hierarchies()) {
    const folder = join(hierarchy, cgroupRoot(instance));
    await mkdir(folder, { recursive: true });
    if (basename(hierarchy) === 'cpuset') await inheritCpus(hierarchy, folder);
    if (hierarchy === MOUNT) await delegateControllers(hierarchy, folder);
  }
}

/** The processes in the instance's control groups: all that runs in its pods. */
export async function cgroupProcesses(instance: Instance): Promise<number[]> {
  const pids = new Set<number>();
  for (const folder of await ownFolders(instance)) {
    const text = await readFile(join(folder, 'cgroup.procs'), 'utf8').catch(() => '');
    for (const line of text.split('\n')) if (line) pids.add(Number(line));
  }
  return [...pids];
}

/** Removes the instance's control groups, which hold no process any more. */
export async function removeCgroups(instance: Instance): Promise<void> {
  // Children come after their parents in the list, and must go before them.
  for (const folder of (await ownFolders(instance)).reverse()) await rmdir(folder).catch(() => {});
}

/** Version 2 has one hierarchy at the mount itself, version 1 one for each controller. */
async function hierarchies(): Promise<string[]> {
  if (await exists(join(MOUNT, 'cgroup.controllers'))) return [MOUNT];
  const found: string[] = [];
  for (const entry of await readdir(MOUNT, { withFileTypes: true })) {
    // A link is another name of a hierarchy that is listed as well, as cpu is for cpu,cpuacct.
    if (entry.isDirectory()) found.push(join(MOUNT, entry.name));
  }
  return found;
}

async function ownFolders(instance: Instance): Promise<string[]> {
  const found: string[] = [];
  for (const hierarchy of await hierarchies()) {
    await collect(join(hierarchy, cgroupRoot(instance)), found);
  }
  return found;
}

async function collect(folder: string, found: string[]): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => undefined);
  if (!entries) return;
  found.push(folder);
  for (const entry of entries) {
    if (entry.isDirectory()) await collect(join(folder, entry.name), found);
  }
}

/** A new version 1 cpuset has no processor and takes no process. */
async function inheritCpus(parent: string, folder: string): Promise<void> {
  for (const name of ['cpuset.cpus', 'cpuset.mems']) {
    await writeFile(join(folder, name), await readFile(join(parent, name)));
  }
}

/** In version 2 a group has the controllers that its parent hands down. */
async function delegateControllers(parent: string, folder: string): Promise<void> {
  for (const group of [parent, folder]) {
    const controllers = await readFile(join(group, 'cgroup.controllers'), 'utf8');
    const all = controllers
      .trim()
      .split(' ')
      .map((name) => `+${name}`);
    await writeFile(join(group, 'cgroup.subtree_control'), all.join(' '));
  }
}
