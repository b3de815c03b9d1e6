import { readdir, readFile } from 'node:fs/promises';
import { run } from '../../local/run.ts';

/** What a server may leave behind on a machine, as sorted lists of lines. */
export interface Traces {
  readonly processes: readonly string[];
  readonly mounts: readonly string[];
  readonly namespaces: readonly string[];
  readonly links: readonly string[];
  readonly routes: readonly string[];
  readonly cgroups: readonly string[];
}

/** Reads the traces that mention the platform or look like a Kubernetes node's. */
export async function readTraces(stateFolder: string): Promise<Traces> {
  const lines = (text: string) => text.split('\n').filter(Boolean).sort();
  const mine = (line: string) =>
    line.includes(stateFolder) || /kubepods|containerd-shim/.test(line);
  return {
    processes: (await commandLines()).filter(mine).sort(),
    mounts: lines(await readFile('/proc/mounts', 'utf8')).filter(mine),
    namespaces: lines(await run(['ip', 'netns', 'list'])),
    links: lines(await run(['ip', '-brief', 'link'])).map((line) => line.split(' ')[0] ?? ''),
    routes: lines(await run(['ip', 'route'])),
    cgroups: lines(await run(['find', '/sys/fs/cgroup', '-type', 'd', '-name', '*kubepods*'])),
  };
}

async function commandLines(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const texts = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return texts.map((text) => text.replaceAll('\0', ' ').trim());
}
