import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface SourceProcess {
  /** The repository's root. */
  readonly repository: string;
  /** A folder of `services/`. */
  readonly service: string;
  /** Below it. */
  readonly file: string;
  readonly env: Readonly<Record<string, string>>;
  /** A line of its output. */
  readonly print: (line: string) => void;
}

const graceMs = 2_000;

/** Runs a program of a service from its sources; the kernel ends it when this process dies, however that comes. */
export function startSource({
  repository,
  service,
  file,
  env,
  print,
}: SourceProcess): ChildProcess {
  const options = ['--conditions=source', '--disable-warning=ExperimentalWarning'];
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', process.execPath, ...options, file], {
    cwd: join(repository, 'services', service),
    // Nothing of the caller's environment that names a server.
    env: { PATH: process.env.PATH, LOG_LEVEL: process.env.LOG_LEVEL, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Ctrl-C is for this process, which then stops its services in order.
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', print);
  }
  return child;
}

/** Stops it; what does not end by itself is killed. */
export async function stopSource(child: ChildProcess): Promise<void> {
  const closed = once(child, 'close');
  child.kill('SIGTERM');
  const kill = setTimeout(() => child.kill('SIGKILL'), graceMs);
  await closed;
  clearTimeout(kill);
}

/** How a program ended, for people. */
export const howEnded = (code: number | null, signal: NodeJS.Signals | null): string =>
  code === null ? `${signal}` : `exit code ${code}`;
