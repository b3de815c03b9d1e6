/** One thing wrong with a request: where, what, and what would be right. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

export interface HttpErrorOptions extends ErrorOptions {
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
  readonly headers?: Readonly<Record<string, string>>;
}

/** An error that a client may be told: it becomes the answer as `application/problem+json`. */
export class HttpError extends Error {
  override readonly name: string = 'HttpError';
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string | undefined;
  readonly errors: readonly FieldError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, title: string, options: HttpErrorOptions = {}) {
    super(options.detail ?? title, options.cause === undefined ? {} : { cause: options.cause });
    this.status = status;
    this.code = code;
    this.title = title;
    this.detail = options.detail;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
  }
}

/** The request itself is wrong; `errors` names each field. */
export class InvalidRequest extends HttpError {
  override readonly name = 'InvalidRequest';

  constructor(errors: readonly FieldError[], detail?: string) {
    super(400, 'invalid_request', 'The request is not valid', {
      errors,
      detail: detail ?? errors.map(({ field, message }) => `${field}: ${message}`).join('; '),
    });
  }
}

/** Only a login helps: what came with the request opens nothing. */
export class LogInFirst extends HttpError {
  override readonly name: string = 'LogInFirst';

  constructor(code: string, detail: string, challenge = 'Bearer') {
    super(401, code, 'Log in first', { detail, headers: { 'WWW-Authenticate': challenge } });
  }
}

type UnauthorizedReason = 'missing_token' | 'invalid_token' | 'token_expired' | 'session_ended';

/** No valid access token came with a request that needs one. */
export class Unauthorized extends LogInFirst {
  override readonly name = 'Unauthorized';

  constructor(reason: UnauthorizedReason, detail: string) {
    // RFC 6750 §3.1: of an access token, and of nothing else, it is said what is wrong with it.
    const challenge =
      reason === 'missing_token'
        ? 'Bearer'
        : `Bearer error="invalid_token", error_description="${detail}"`;
    super(reason, detail, challenge);
  }
}

/** The caller is known and may not do this. */
export class Forbidden extends HttpError {
  override readonly name = 'Forbidden';

  constructor(detail: string) {
    super(403, 'forbidden', 'Not allowed', { detail });
  }
}

/** There is no such thing, or no such route. */
export class NotFound extends HttpError {
  override readonly name = 'NotFound';

  constructor(detail: string, code = 'not_found') {
    super(404, code, 'Not found', { detail });
  }
}

/** The request is fine and what is there already stands against it. */
export class Conflict extends HttpError {
  override readonly name = 'Conflict';

  constructor(code: string, title: string, options: HttpErrorOptions = {}) {
    super(409, code, title, options);
  }
}

/** The caller has done this too often, and is told when it may again. */
export class TooManyRequests extends HttpError {
  override readonly name = 'TooManyRequests';

  constructor(code: string, detail: string, retryAfterSeconds: number) {
    super(429, code, 'Too many requests', {
      detail,
      headers: { 'Retry-After': String(Math.max(1, Math.ceil(retryAfterSeconds))) },
    });
  }
}

/** The path exists, the method on it does not. */
export class MethodNotAllowed extends HttpError {
  override readonly name = 'MethodNotAllowed';

  constructor(method: string, allow: string) {
    super(405, 'method_not_allowed', 'Method not allowed', {
      detail: `${method} is not possible here; possible: ${allow}`,
      headers: { Allow: allow },
    });
  }
}

/** The body is of a kind that this route does not read. */
export class UnsupportedMediaType extends HttpError {
  override readonly name = 'UnsupportedMediaType';

  constructor(detail: string) {
    super(415, 'unsupported_media_type', 'Unsupported media type', { detail });
  }
}

/** The service cannot answer now and may a little later. */
export class Unavailable extends HttpError {
  override readonly name = 'Unavailable';

  constructor(
    code: string,
    title: string,
    options: HttpErrorOptions & { retryAfterSeconds: number },
  ) {
    super(503, code, title, {
      ...options,
      headers: { 'Retry-After': String(options.retryAfterSeconds) },
    });
  }
}

/** The innermost message: the one that names what did not answer. Only the log gets it. */
export function rootCause(error: unknown): string {
  let cause = error;
  while (cause instanceof Error && cause.cause !== undefined) cause = cause.cause;
  return cause instanceof Error ? cause.message : String(cause);
}
