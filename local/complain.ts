/** The command needs the rights of the administrator. */
class NotRoot extends Error {
  readonly code = 'NOT_ROOT';
}

export function requireRoot(command: string): void {
  if (process.getuid?.() === 0) return;
  throw new NotRoot(
    `${command} starts a Kubernetes node, which takes root: run it as sudo ${command}`,
  );
}

/** Ends a command: what was foreseen with its message and code, anything else with its stack. */
export function complain(error: unknown): void {
  process.exitCode = 1;
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    const known = error.message.includes(`code: ${error.code}`);
    console.error(`\n${error.message}${known ? '' : `\ncode: ${error.code}`}`);
    return;
  }
  console.error(error);
}
