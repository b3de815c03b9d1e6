import { readdir, readFile, readlink } from 'node:fs/promises';
import { basename } from 'node:path';

export interface PortHolder {
  readonly pid: number;
  /** The program and the script that it runs; not its arguments, which may hold secrets. */
  readonly program: string;
}

/** State of a listening socket in proc(5)'s tables. */
const listening = '0A';

/** The process that listens on a TCP port of this machine; undefined if there is none to be seen. */
export async function portHolder(port: number): Promise<PortHolder | undefined> {
  const sockets = await listeningSockets(port);
  if (sockets.size === 0) return undefined;
  for (const pid of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    // Of another user's process only root may see the files.
    const files = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const file of files) {
      const link = await readlink(`/proc/${pid}/fd/${file}`).catch(() => '');
      if (sockets.has(link)) return { pid: Number(pid), program: await programOf(pid) };
    }
  }
  return undefined;
}

async function listeningSockets(port: number): Promise<ReadonlySet<string>> {
  const end = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const found = new Set<string>();
  for (const table of ['tcp', 'tcp6']) {
    const text = await readFile(`/proc/self/net/${table}`, 'utf8').catch(() => '');
    for (const line of text.split('\n').slice(1)) {
      const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/);
      if (local.endsWith(end) && state === listening) found.add(`socket:[${inode}]`);
    }
  }
  return found;
}

async function programOf(pid: string): Promise<string> {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  const [program = '', ...args] = text.split('\0');
  const script = args.find((it) => /\.[cm]?[jt]s$/.test(it));
  return [basename(program), ...(script ? [basename(script)] : [])].join(' ');
}
