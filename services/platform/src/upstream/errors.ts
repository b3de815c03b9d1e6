import { HttpError, Unavailable } from '../errors.ts';

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

/** More wait for the service behind a route than it will ever answer in time. */
export class UpstreamBusy extends Unavailable {
  constructor(upstream: string) {
    super('upstream_busy', 'A service behind this one has too much to do', {
      detail: `${upstream} is asked for more than it can answer; try again in a few seconds`,
      retryAfterSeconds: 5,
    });
  }
}

/** The service behind a route has answered what its contract does not know. */
export class UpstreamGarbage extends HttpError {
  constructor(upstream: string, cause: unknown) {
    super(502, 'upstream_garbage', 'A service behind this one answers nonsense', {
      detail: `what ${upstream} has answered cannot be read; try again in a few seconds`,
      headers: { 'Retry-After': '5' },
      cause,
    });
  }
}
