import { HttpError } from '@whatsthecraic/platform/errors';

/** The service behind a route cannot be reached, or broke off. */
export class UpstreamUnavailable extends HttpError {
  constructor(upstream: string, cause: unknown) {
    super(502, 'upstream_unavailable', 'A service behind this one is away', {
      detail: `${upstream} does not answer; try again in a few seconds`,
      headers: { 'Retry-After': '5' },
      cause,
    });
  }
}

/** The service behind a route has not answered in time. */
export class UpstreamTimeout extends HttpError {
  constructor(upstream: string, cause?: unknown) {
    super(504, 'upstream_timeout', 'A service behind this one is too slow', {
      detail: `${upstream} has not answered in time; try again in a few seconds`,
      headers: { 'Retry-After': '5' },
      cause,
    });
  }
}
