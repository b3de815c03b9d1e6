/**
 * Ends a function with an error whose text is all that its caller gets to see: every error carries a
 * line with its code, and what was unforeseen says where it came from.
 */
export function failure(error: unknown): never {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof message !== 'string') throw error;
  if (message.includes('\ncode: ') || typeof code !== 'string') throw error;
  throw new Error(`${message}\ncode: ${code}`, { cause: error });
}
