import type { ErrorRequestHandler, Response } from 'express';
import { requestContext } from './context.ts';
import { HttpError, rootCause, Unavailable } from './errors.ts';
import type { Log } from './log.ts';

/** RFC 9457, with `code` for programs, `requestId` for support and `errors` for forms. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail?: string;
  readonly instance: string;
  readonly code: string;
  readonly requestId?: string;
  readonly errors?: readonly { readonly field: string; readonly message: string }[];
}

export const PROBLEM_TYPE = 'application/problem+json';

/** The one place where an error becomes an answer. */
export function problemHandler(log: Log): ErrorRequestHandler {
  return function answerWithProblem(error: unknown, req, res, _next) {
    const known = toHttpError(error);
    if (known.status >= 500) logFailure(log, known, error);
    if (res.headersSent) {
      // Half an answer is out: only a broken connection tells the client so.
      res.destroy();
      return;
    }
    sendProblem(res, known, req.path);
  };
}

/** Under load most failures are refusals that were foreseen, and a stack costs more than an answer. */
function logFailure(log: Log, { code }: HttpError, error: unknown): void {
  if (error instanceof Unavailable) log.warn({ code, reason: rootCause(error) }, 'request refused');
  else log.error({ err: error, code }, 'request failed');
}

export function sendProblem(res: Response, error: HttpError, instance: string): void {
  res.status(error.status).set({ ...error.headers, 'Cache-Control': 'no-store' });
  res.type(PROBLEM_TYPE).send(JSON.stringify(toProblem(error, instance)));
}

export function toProblem(error: HttpError, instance: string): Problem {
  const requestId = requestContext.getStore()?.requestId;
  return {
    type: `urn:whatsthecraic:problem:${error.code}`,
    title: error.title,
    status: error.status,
    ...(error.detail ? { detail: error.detail } : {}),
    instance,
    code: error.code,
    ...(requestId ? { requestId } : {}),
    ...(error.errors.length > 0 ? { errors: error.errors } : {}),
  };
}

/** Ours as it is; what Express and its body parser throw by their own names; all else is a plain 500. */
export function toHttpError(error: unknown): HttpError {
  if (error instanceof HttpError) return error;
  if (!(error instanceof Error)) return internalError(error);

  const { type, status, limit } = error as { type?: string; status?: number; limit?: number };
  switch (type) {
    case 'entity.parse.failed':
      return new HttpError(400, 'invalid_json', 'The body is not JSON', {
        detail: 'send one JSON object, with names and strings in double quotes',
        cause: error,
      });
    case 'entity.too.large':
      return new HttpError(413, 'body_too_large', 'The body is too large', {
        detail: `the limit is ${limit} bytes`,
        cause: error,
      });
    case 'charset.unsupported':
    case 'encoding.unsupported':
      return new HttpError(415, 'unsupported_media_type', 'Unsupported media type', {
        detail: 'send UTF-8, as it is or compressed with gzip, deflate or br',
        cause: error,
      });
  }
  if (error instanceof URIError || status === 400) {
    return new HttpError(400, 'malformed_request', 'The request is malformed', { cause: error });
  }
  return internalError(error);
}

const internalError = (cause: unknown) =>
  new HttpError(500, 'internal_error', 'Something went wrong on our side', { cause });
