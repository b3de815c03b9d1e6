import { pipeline } from 'node:stream/promises';
import { requestContext } from '@whatsthecraic/platform/context';
import type { Forward } from '@whatsthecraic/platform/route';
import type { PublishedRoute } from '../contract.ts';
import { requestHeaders, responseHeaders } from '../domain/headers.ts';
import type { Upstream } from '../domain/upstream.ts';
import { upstreamPath } from '../domain/upstream-path.ts';

/** Passes a request on to its upstream and the answer back, whatever it says. */
export function createForward({ inner }: PublishedRoute, upstream: Upstream): Forward {
  return async function forward(req, res) {
    const callerGone = new AbortController();
    res.once('close', () => callerGone.abort());
    const query = req.originalUrl.indexOf('?');
    const context = requestContext.getStore();
    try {
      const answer = await upstream.send({
        method: req.method,
        path:
          upstreamPath(inner.path, req.params) + (query < 0 ? '' : req.originalUrl.slice(query)),
        headers: requestHeaders(req.headers, {
          requestId: context?.requestId ?? '',
          traceparent: context?.traceparent,
          address: req.ip,
          withAuthorization: inner.auth !== 'public',
        }),
        ...(Buffer.isBuffer(req.body) ? { body: req.body } : {}),
        signal: callerGone.signal,
      });
      res.status(answer.status).set(responseHeaders(answer.headers));
      await pipeline(answer.body, res);
    } catch (error) {
      // Nobody is left to be told.
      if (!callerGone.signal.aborted) throw error;
    }
  };
}
