import { pipeline } from 'node:stream/promises';
import { requestContext } from '@whatsthecraic/platform/context';
import { type Forward, isOpen } from '@whatsthecraic/platform/route';
import type { Upstream } from '@whatsthecraic/platform/upstream/upstream';
import type { Request, Response } from 'express';
import type { PublishedRoute } from '../contract.ts';
import { passesCookies, requestHeaders, responseHeaders } from '../domain/headers.ts';
import type { SharedReads } from '../domain/shared-reads.ts';
import { upstreamPath } from '../domain/upstream-path.ts';
import { sendWhole } from './send-whole.ts';

/** `private` is for the caller alone, whoever asks without a token. */
const isPublic = (cache: string | undefined) => cache?.startsWith('public') ?? false;

export interface ForwardOptions {
  readonly upstream: Upstream;
  readonly reads: SharedReads;
  /** Told how an upstream took a request's token. */
  readonly onAnswer: (req: Request, status: number) => void;
}

/** Passes a request on to its upstream and the answer back, whatever it says. */
export function createForward(route: PublishedRoute, options: ForwardOptions): Forward {
  const { inner, outer } = route;
  const { upstream, reads, onAnswer } = options;
  const isShared = inner.method === 'get' && isOpen(inner.auth) && isPublic(inner.cache);
  const withCookies = passesCookies(outer.path);

  return async function forward(req, res) {
    const callerGone = new AbortController();
    res.once('close', () => callerGone.abort());
    const { signal } = callerGone;
    const question = req.originalUrl.indexOf('?');
    const path =
      upstreamPath(inner.path, req.params) + (question < 0 ? '' : req.originalUrl.slice(question));
    try {
      // A caller that names itself is told what is there now: it may have just changed it.
      if (isShared && req.headers.authorization === undefined) await share(req, res, path, signal);
      else await stream(req, res, path, signal);
    } catch (error) {
      // Nobody is left to be told.
      if (!signal.aborted) throw error;
    }
  };

  async function share(req: Request, res: Response, path: string, signal: AbortSignal) {
    const { 'if-none-match': _, ...headers } = headersOf(req);
    const fresh = /\bno-cache\b/.test(req.headers['cache-control'] ?? '');
    sendWhole(req, res, await reads.read({ upstream, path, headers }, { fresh, signal }));
  }

  async function stream(req: Request, res: Response, path: string, signal: AbortSignal) {
    const answer = await upstream.send({
      method: req.method,
      path,
      headers: headersOf(req),
      ...(Buffer.isBuffer(req.body) ? { body: req.body } : {}),
      signal,
    });
    onAnswer(req, answer.status);
    if (inner.method !== 'get' && answer.status < 400) reads.forget(upstream.name);
    res.status(answer.status).set(responseHeaders(answer.headers));
    const cookies = answer.headers['set-cookie'];
    if (withCookies && cookies) res.set('Set-Cookie', cookies);
    await pipeline(answer.body, res);
  }

  function headersOf(req: Request) {
    const context = requestContext.getStore();
    return requestHeaders(req.headers, {
      requestId: context?.requestId ?? '',
      traceparent: context?.traceparent,
      address: req.ip,
      withAuthorization: inner.auth !== 'public',
      withCookies,
    });
  }
}
