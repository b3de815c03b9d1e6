import { type ChildProcess, spawn } from 'node:child_process';

export interface ProcessOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly input?: string;
  /** Milliseconds after which the process is killed; it then counts as exit code 137. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Called with each line of standard output and standard error as it comes. */
  readonly onLine?: (line: string) => void;
}

export interface ProcessResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Exit code of a shell for a process that SIGKILL ended. */
const killed = 137;

/** Milliseconds for which a killed program's last output may still arrive. */
const pipesMs = 500;

/** Runs a program to its end and gives back what it printed, whatever its exit code. */
export async function runProcess(
  argv: readonly string[],
  options: ProcessOptions = {},
): Promise<ProcessResult> {
  const [command, ...args] = argv;
  if (!command) throw new TypeError('runProcess: expected a command');
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: options.env ?? process.env,
    ...(options.cwd ? { cwd: options.cwd } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
    // Node takes whole milliseconds only.
    ...(options.timeoutMs
      ? { timeout: Math.ceil(options.timeoutMs), killSignal: 'SIGKILL' as const }
      : {}),
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  if (options.onLine) {
    for (const stream of [child.stdout, child.stderr]) eachLine(stream, options.onLine);
  }
  child.stdin.on('error', () => {}); // The program may end before it has read its input.
  child.stdin.end(options.input ?? '');
  child.once('exit', (_code, signal) => {
    // What a killed program started may live on and hold the pipes; nobody waits for it.
    if (signal === 'SIGKILL') setTimeout(() => closePipes(child), pipesMs).unref();
  });
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? killed));
  });
  return { exitCode, stdout, stderr };
}

function closePipes({ stdout, stderr }: ChildProcess): void {
  stdout?.destroy();
  stderr?.destroy();
}

function eachLine(stream: NodeJS.ReadableStream, onLine: (line: string) => void): void {
  let rest = '';
  stream.on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) onLine(line);
  });
  stream.on('end', () => {
    if (rest !== '') onLine(rest);
  });
}
