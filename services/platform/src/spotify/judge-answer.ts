import { z } from 'zod';
import { retryAfterMs } from '../retry-after.ts';

/** What an answer of Spotify means for the calls to come. */
export type Verdict =
  | { readonly kind: 'good'; readonly body: unknown }
  | {
      readonly kind: 'limited';
      readonly retryAfterMs: number | undefined;
      readonly isQuota: boolean;
    }
  /** The question was wrong; the body may say how. */
  | { readonly kind: 'rejected'; readonly body: unknown }
  | { readonly kind: 'unauthorized' | 'gone' | 'garbage' | 'failed' };

/** https://developer.spotify.com/documentation/web-api/concepts/rate-limits */
const limitError = z.object({ error: z.object({ reason: z.string().optional() }) });

export function judgeAnswer(
  status: number,
  retryAfter: string | null,
  text: string,
  now = Date.now(),
): Verdict {
  const body = parse(text);
  if (status === 200) return body === undefined ? { kind: 'garbage' } : { kind: 'good', body };
  if (status === 401) return { kind: 'unauthorized' };
  // How Spotify closed endpoints in 2024 and 2026; none of those that we ask is about one thing.
  if (status === 403 || status === 404 || status === 410) return { kind: 'gone' };
  if (status !== 429) {
    return status >= 400 && status < 500 ? { kind: 'rejected', body } : { kind: 'failed' };
  }
  const { data } = limitError.safeParse(body);
  // Counted for the developer's account over a long time; asking again only lengthens it.
  const isQuota = data?.error.reason === 'QUOTA_EXCEEDED';
  return { kind: 'limited', retryAfterMs: retryAfterMs(retryAfter, now), isQuota };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
