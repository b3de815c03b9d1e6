import { randomBytes, randomUUID } from 'node:crypto';
import type { RequestHandler } from 'express';
import { requestContext, TRACEPARENT } from './context.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';

/** nginx' number for a caller that left before the answer was out. */
const CLIENT_CLOSED_REQUEST = 499;
const REQUEST_ID = /^[\w.-]{1,64}$/;
/** What has so many random characters opens something, wherever in the path it stands. */
const SECRET_SEGMENT = /\/[\w-]{40,}(?=[./?]|$)/g;
const SECRET_PARAMETER = /([?&][^=&]*(?:token|secret|password|code|state|key)[^=&]*=)[^&]*/gi;

/** Gives each request its ids, one log line, and its place in the metrics. */
export function observe(log: Log, metrics: Metrics): RequestHandler {
  return function observeRequest(req, res, next) {
    const startedAt = performance.now();
    const requestId = acceptRequestId(req.headers['x-request-id']);
    const traceparent = req.headers.traceparent;
    const context = {
      requestId,
      traceparent: acceptTrace(traceparent),
    };
    res.setHeader('X-Request-Id', requestId);
    metrics.requestsInFlight.inc();

    res.once('close', () => {
      const seconds = (performance.now() - startedAt) / 1000;
      const status = res.writableFinished ? res.statusCode : CLIENT_CLOSED_REQUEST;
      const route: string = res.locals.route ?? 'none';
      metrics.requestsInFlight.dec();
      metrics.requestDuration.observe({ method: req.method, route, status }, seconds);
      requestContext.run(context, () => {
        const ms = Math.round(seconds * 10_000) / 10;
        const path = withoutSecrets(req.originalUrl);
        log.info({ method: req.method, route, path, status, ms }, 'request');
      });
    });
    requestContext.run(context, next);
  };
}

/** A caller's own id if it is a plain word, else a new one. */
export function acceptRequestId(header: string | string[] | undefined): string {
  return typeof header === 'string' && REQUEST_ID.test(header) ? header : randomUUID();
}

/** A caller's own trace if it is one, else a new one, which nobody has asked to record. */
function acceptTrace(header: string | string[] | undefined): string {
  if (typeof header === 'string' && TRACEPARENT.test(header)) return header;
  return `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;
}

export const withoutSecrets = (url: string) =>
  url.replace(SECRET_SEGMENT, '/[secret]').replace(SECRET_PARAMETER, '$1[secret]');
