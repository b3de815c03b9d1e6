import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Instance } from '../../local/state.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** `make up` or `make down` as a process group of its own, as a shell runs it. */
export interface MakeProcess {
  readonly child: ChildProcess;
  /** What it said so far, on either output. */
  readonly lines: readonly string[];
  /** Resolves when a line matches; rejects when it ends without. */
  said(pattern: RegExp): Promise<void>;
  /** Exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

export function startMake(
  what: 'up' | 'down',
  instance: Instance,
  ...options: readonly string[]
): MakeProcess {
  const args = ['--conditions=source', `local/${what}.ts`, '--instance', instance.name, ...options];
  const child = spawn(process.execPath, args, {
    cwd: root,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const ended = once(child, 'close').then(([code, signal]) => code ?? signal);
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => {
      lines.push(line);
      child.emit('said', line);
    });
  }
  return {
    child,
    lines,
    ended,
    said: (pattern) =>
      new Promise((resolve, reject) => {
        const onLine = (line: string) => {
          if (pattern.test(line)) resolve();
        };
        lines.forEach(onLine);
        child.on('said', onLine);
        void ended.then((code) => {
          reject(new Error(`make ${what} ended with ${code}:\n${lines.join('\n')}`));
        });
      }),
  };
}

/** As Ctrl-C does: to all that the terminal runs. */
export function interrupt({ child }: MakeProcess): void {
  if (child.pid) process.kill(-child.pid, 'SIGINT');
}
