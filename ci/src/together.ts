/** Does both and waits for both, so that nothing goes on behind a failure; a failure stops the other. */
export async function together<A, B>(
  ...work: [(signal: AbortSignal) => Promise<A>, (signal: AbortSignal) => Promise<B>]
): Promise<[A, B]> {
  const abort = new AbortController();
  let first: { error: unknown } | undefined;
  const begun: [Promise<A>, Promise<B>] = [work[0](abort.signal), work[1](abort.signal)];
  for (const promise of begun) {
    promise.catch((error: unknown) => {
      first ??= { error };
      abort.abort();
    });
  }
  await Promise.allSettled(begun);
  if (first) throw (first as { error: unknown }).error;
  return Promise.all(begun);
}
