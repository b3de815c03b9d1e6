import { AsyncLocalStorage } from 'node:async_hooks';

export interface RequestContext {
  readonly requestId: string;
  /** W3C Trace Context, as it came. */
  readonly traceparent?: string;
}

/** What belongs to the request being answered, reachable from below without being handed down. */
export const requestContext = new AsyncLocalStorage<RequestContext>();

/** The trace id of a `traceparent` header (https://www.w3.org/TR/trace-context/#traceparent-header). */
export function traceIdOf(traceparent: string | undefined): string | undefined {
  return traceparent && TRACEPARENT.test(traceparent) ? traceparent.slice(3, 35) : undefined;
}

export const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
