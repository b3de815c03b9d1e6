const lines = 30;

/** What the engine says of a failure: a program's own output if there is any, without kilobytes of ids. */
export const readable = (error: unknown): string =>
  outputOf(error).split('\n').slice(-lines).join('\n');

/** The same in full length. The compiler and the tests of npm's scripts speak on standard output. */
export function outputOf(error: unknown): string {
  const { stdout, stderr, message } = Object(error) as Partial<Record<string, string>>;
  const printed = [stdout, stderr].map((text) => text?.trim()).filter(Boolean);
  const text = printed.join('\n') || message || String(error);
  return text.replace(/[A-Za-z0-9+/=_-]{200,}/g, '…').trim();
}
