import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, open, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import type { Timers } from '../timers.ts';

export interface Script {
  /** Where `_script.sh`, `stdout` and `stderr` are written. */
  readonly folder: string;
  readonly commands: readonly string[];
  readonly workingDirectory: string;
  readonly enter: readonly string[];
  readonly shell: string;
  readonly env: Readonly<Record<string, string>>;
  readonly limitMs: number;
  readonly timers: Timers;
}

/** How a script ended. A killed one has the exit code 137, a script that died of a signal -1. */
export interface ScriptEnd {
  readonly reason: 'exited' | 'timed-out' | 'cancelled';
  readonly exitCode: number;
  /** Go's words for an end other than with 0, which the agent adds to standard error. */
  readonly error: string;
}

export interface RunningScript {
  readonly ended: Promise<ScriptEnd>;
  /** SIGKILL to the process group: no trap runs, only what left the group lives on. */
  cancel(): void;
}

const killed = 137;

/**
 * Runs the commands as the agent does: joined to one file, which is itself the argument of `sh -c`,
 * so that a `#!` line is honoured; in a process group of its own; ended only when every process that
 * holds its output has closed it.
 * https://github.com/aws/amazon-ssm-agent/blob/mainline/agent/executers/executers.go
 */
export async function startScript(script: Script): Promise<RunningScript> {
  await mkdir(script.folder, { recursive: true, mode: 0o700 });
  const file = join(script.folder, '_script.sh');
  await writeFile(file, `${script.commands.join('\n')}\n`, { mode: 0o700 });
  for (const stream of ['stdout', 'stderr']) {
    await writeFile(join(script.folder, stream), '', { mode: 0o600 });
  }
  if (!(await isFolder(script.workingDirectory))) {
    return notStarted(`chdir ${script.workingDirectory}: no such file or directory`);
  }

  const [command = script.shell, ...args] = [...script.enter, script.shell, '-c', file];
  const child = spawn(command, args, {
    cwd: script.workingDirectory,
    detached: true,
    env: { ...script.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const started = await new Promise<Error | undefined>((resolve) => {
    child.once('spawn', () => resolve(undefined));
    child.once('error', resolve);
  });
  if (started) return notStarted(started.message);
  return follow(child, script);
}

function follow(child: ChildProcess, script: Script): RunningScript {
  const group = child.pid ?? 0;
  let isClosed = false;
  let stopped: 'timed-out' | 'cancelled' | undefined;
  const stop = (reason: 'timed-out' | 'cancelled') => {
    // Once all is closed, the number of the group may be another's.
    if (stopped || isClosed) return;
    stopped = reason;
    killGroup(group);
    // A process that left the group may hold the pipes open for ever; the agent stops reading, too.
    child.stdout?.destroy();
    child.stderr?.destroy();
  };
  const withdraw = script.timers.after(script.limitMs, () => stop('timed-out'));
  const written = Promise.allSettled([
    save(child, 'stdout', script.folder),
    save(child, 'stderr', script.folder),
  ]);
  const ended = new Promise<ScriptEnd>((resolve) => {
    child.once('close', async (code, signal) => {
      isClosed = true;
      withdraw();
      await written;
      resolve(stopped ? { reason: stopped, exitCode: killed, error: '' } : exit(code, signal));
    });
  });
  return { ended, cancel: () => stop('cancelled') };
}

function exit(code: number | null, signal: NodeJS.Signals | null): ScriptEnd {
  if (code === null)
    return { reason: 'exited', exitCode: -1, error: `signal: ${signalName(signal)}` };
  return { reason: 'exited', exitCode: code, error: code === 0 ? '' : `exit status ${code}` };
}

const goSignals: Readonly<Partial<Record<NodeJS.Signals, string>>> = {
  SIGABRT: 'aborted',
  SIGHUP: 'hangup',
  SIGINT: 'interrupt',
  SIGKILL: 'killed',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
};

const signalName = (signal: NodeJS.Signals | null) =>
  (signal && goSignals[signal]) ?? String(signal);

async function save(child: ChildProcess, name: 'stdout' | 'stderr', folder: string): Promise<void> {
  const source = child[name];
  if (!source) return;
  const file = createWriteStream(join(folder, name), { mode: 0o600 });
  source.pipe(file);
  source.once('close', () => file.end());
  // A full disk must not block the script, which has its own limit.
  file.once('error', () => source.resume());
  await finished(file);
}

/** Kills a process group; it may be gone already. */
function killGroup(group: number): void {
  if (group <= 1) return;
  try {
    process.kill(-group, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
  }
}

/** The first bytes of a script's output. */
export async function readOutput(
  folder: string,
  name: 'stdout' | 'stderr',
  most: number,
): Promise<Buffer> {
  const file = await open(join(folder, name));
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(most), 0, most, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

const isFolder = (path: string) =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

const notStarted = (error: string): RunningScript => ({
  ended: Promise.resolve({ reason: 'exited', exitCode: 1, error }),
  cancel: () => {},
});
