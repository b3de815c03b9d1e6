import { HttpError } from '@whatsthecraic/platform/errors';

/** One client has asked for more than its share. */
export class RateLimited extends HttpError {
  constructor(limit: number, retryAfterSeconds: number) {
    super(429, 'rate_limited', 'Too many requests', {
      detail: `at most ${limit} requests a minute; go on in ${retryAfterSeconds} s`,
      headers: { 'Retry-After': String(retryAfterSeconds) },
    });
  }
}
