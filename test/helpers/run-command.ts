import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export interface Outcome {
  readonly exitCode: number | null;
  /** Standard output and error, as a terminal shows them. */
  readonly printed: string;
}

export interface CommandOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
}

/** Runs what a user types to its end, in two minutes at most. */
export async function runCommand(
  [command = '', ...args]: readonly string[],
  { env = {}, cwd = root }: CommandOptions = {},
): Promise<Outcome> {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 120_000,
    killSignal: 'SIGKILL',
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
  }
  const [exitCode] = await once(child, 'close');
  return { exitCode, printed: printed.trim() };
}

/** A script of the repository, as the Makefile and the images start them. */
export const script = (path: string, ...args: string[]): readonly string[] => [
  process.execPath,
  '--conditions=source',
  '--disable-warning=ExperimentalWarning',
  path,
  ...args,
];
