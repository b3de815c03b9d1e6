import { ConfigError } from '@whatsthecraic/platform/config';
import { DatabaseCommandError } from './errors.ts';

/** The command line was not understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Runs a command to its exit code; what went wrong is told in one message, not in a stack. */
export async function runCommand(
  name: string,
  main: (argv: readonly string[]) => Promise<number>,
): Promise<void> {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    const [text, exitCode] = describe(error);
    console.error(`${name}: ${text}`);
    process.exitCode = exitCode;
  }
}

function describe(error: unknown): [text: string, exitCode: number] {
  if (error instanceof DatabaseCommandError) return [`${error.message}\ncode: ${error.code}`, 1];
  if (error instanceof ConfigError) return [`${error.message}\ncode: ${error.code}`, 1];
  const { code, message } = error as NodeJS.ErrnoException;
  if (error instanceof UsageError || code?.startsWith('ERR_PARSE_ARGS')) {
    return [`${message}; see --help`, 2];
  }
  return [code ? `${message} (${code})` : String((error as Error).stack ?? error), 1];
}
