import { firstError } from '../rollout/trim-log.ts';
import type { ServiceResult } from './release.ts';

/** The first line of a service's log that tells of an error, else its verdict's first line. */
export function firstErrorLine({
  evidence,
  message,
}: Pick<ServiceResult, 'evidence' | 'message'>): string {
  const found = firstError(evidence?.log ?? []);
  return found ? readable(found) : (message.split('\n', 1)[0] ?? '');
}

/** The words of a line that may be JSON. */
function readable(line: string): string {
  try {
    const { msg, err } = Object(JSON.parse(line)) as { msg?: unknown; err?: { message?: unknown } };
    const words = [msg, err?.message].filter((it) => typeof it === 'string' && it !== '');
    return [...new Set(words)].join(': ') || line;
  } catch {
    return line.trim();
  }
}
