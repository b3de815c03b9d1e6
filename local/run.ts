import { type ProcessOptions, type ProcessResult, runProcess } from '../ci/src/process.ts';

export type RunOptions = ProcessOptions;
export type RunResult = ProcessResult;

/** A command that ended other than with 0. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  readonly code = 'COMMAND_FAILED';
  readonly result: RunResult;

  constructor(argv: readonly string[], result: RunResult) {
    const tail = (result.stderr || result.stdout).trim().split('\n').slice(-20).join('\n');
    super(`${argv.slice(0, 3).join(' ')} … exited with ${result.exitCode}\n${tail}`);
    this.result = result;
  }
}

/** Runs a command to its end and gives back what it printed, whatever its exit code. */
export const tryRun: (argv: readonly string[], options?: RunOptions) => Promise<RunResult> =
  runProcess;

/** Runs a command and gives back its standard output; throws `CommandFailed` unless it exits with 0. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const result = await tryRun(argv, options);
  if (result.exitCode !== 0) throw new CommandFailed(argv, result);
  return result.stdout;
}
