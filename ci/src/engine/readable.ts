const lines = 30;

/** What the engine says of a failure: a program's own output if there is any, without kilobytes of ids. */
export function readable(error: unknown): string {
  const { stderr, message } = Object(error) as { stderr?: string; message?: string };
  const text = stderr || message || String(error);
  return text
    .replace(/[A-Za-z0-9+/=_-]{200,}/g, '…')
    .trim()
    .split('\n')
    .slice(-lines)
    .join('\n');
}
