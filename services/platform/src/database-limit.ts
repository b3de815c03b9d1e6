/**
 * What the database says within a time, else an error as of a connection that is no more. The
 * driver's own limit does not count the preparing of a statement, nor the ends of a transaction.
 */
export async function inTime<T>(asked: Promise<T>, limitMs: number): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(Object.assign(new Error(`no answer within ${limitMs} ms`), { code: 'ETIMEDOUT' }));
  }, limitMs);
  try {
    return await Promise.race([asked, late.promise]);
  } finally {
    clearTimeout(timer);
    asked.catch(() => {}); // It fails when the connection is given up, and nobody waits any more.
  }
}
