import type { Finding } from './identity.ts';

/** Fewer have a trouble of their own, which their own message tells. */
const several = 2;

/**
 * What several services lack at once: none of them is ill by itself then, and this is what to look at
 * first. One sentence, or undefined if there is no such thing.
 */
export function firstCause(findings: readonly Finding[]): string | undefined {
  const lacking = new Map<string, Set<string>>();
  for (const { service, lacks = [] } of findings) {
    for (const name of lacks) lacking.set(name, (lacking.get(name) ?? new Set()).add(service));
  }
  const [most] = [...lacking].toSorted(([, a], [, b]) => b.size - a.size);
  if (!most || most[1].size < several) return undefined;
  const [name, by] = most;
  return `First cause: the ${name}, which ${by.size} services lack.`;
}
