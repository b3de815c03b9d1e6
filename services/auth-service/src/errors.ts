import { HttpError, Unavailable } from '@whatsthecraic/platform/errors';

/** One answer for an unknown address and for a wrong password: it must not tell which. */
export class InvalidCredentials extends HttpError {
  constructor() {
    super(401, 'invalid_credentials', 'Email or password is wrong', {
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
  }
}

/** The token is good, its account is no more. */
export class AccountGone extends HttpError {
  constructor() {
    super(401, 'account_gone', 'Log in first', {
      detail: 'the account of this token does not exist any more',
      headers: { 'WWW-Authenticate': 'Bearer error="invalid_token"' },
    });
  }
}

/** More people log in at once than there is memory to check passwords for. */
export class LoginBusy extends Unavailable {
  constructor() {
    super('login_busy', 'Too many people are logging in', {
      detail: 'try again in a moment',
      retryAfterSeconds: 1,
    });
  }
}
