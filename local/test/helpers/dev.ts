import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Dev {
  readonly child: ChildProcess;
  /** All that it has printed. */
  readonly output: () => string;
  /** Waits for what it prints from now on, or has printed since `from`. */
  readonly until: (pattern: RegExp, from?: number) => Promise<RegExpExecArray>;
  readonly ended: Promise<number | NodeJS.Signals>;
}

export interface DevArguments {
  readonly repository: string;
  readonly stateFolder: string;
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** A program that starts it, with its arguments. */
  readonly through?: readonly string[];
}

/** `make dev` of a copy of the repository, as the Makefile starts it. */
export function startDev(
  t: { teardown(end: () => Promise<void>): void },
  options: DevArguments,
): Dev {
  const { repository, stateFolder, args = [], env = {}, through = [] } = options;
  const node = [process.execPath, '--conditions=source', 'local/dev.ts', ...args];
  const [command = '', ...rest] = [...through, ...node];
  const child = spawn(command, rest, {
    cwd: repository,
    env: { ...process.env, NO_COLOR: '1', XDG_STATE_HOME: stateFolder, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal);
  t.teardown(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  return {
    child,
    ended,
    output: () => printed,
    until: async (pattern, from = 0) => {
      const deadline = Date.now() + 90_000;
      for (;;) {
        const found = pattern.exec(printed.slice(from));
        if (found) return found;
        const over = child.exitCode !== null || Date.now() > deadline;
        if (over) throw new Error(`it did not print ${pattern} but:\n${printed.slice(from)}`);
        await sleep(10);
      }
    },
  };
}

/** Processes whose command line, working folder or environment names the folder. */
export async function processesOf(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry))) {
    if (Number(pid) === process.pid) continue;
    const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => '');
    const [line, environment, place] = await Promise.all([
      read('cmdline'),
      read('environ'),
      readlink(`/proc/${pid}/cwd`).catch(() => ''),
    ]);
    if ([line, environment, place].some((text) => text.includes(folder))) {
      found.push(`${pid}: ${line.replaceAll('\0', ' ').slice(0, 120)}`);
    }
  }
  return found;
}
