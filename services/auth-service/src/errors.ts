import { Conflict, HttpError, LogInFirst, Unavailable } from '@whatsthecraic/platform/errors';

/** One answer for an unknown address and for a wrong password: it must not tell which. */
export class InvalidCredentials extends HttpError {
  constructor() {
    super(401, 'invalid_credentials', 'Email or password is wrong', {
      headers: { 'WWW-Authenticate': 'Bearer' },
    });
  }
}

/** Who is logged in does not know the password. */
export class WrongPassword extends HttpError {
  constructor() {
    super(403, 'wrong_password', 'The password is wrong', {
      errors: [{ field: 'body.password', message: 'expected the present password' }],
    });
  }
}

/** A password that everybody who guesses tries first. */
export class PasswordTooCommon extends HttpError {
  constructor(field: string) {
    super(422, 'password_too_common', 'This password is too common', {
      detail: 'it is on a list of passwords that are tried first; choose another one',
      errors: [{ field, message: 'expected a password that is on no list' }],
    });
  }
}

/** What was sent is no refresh token of ours. */
export class InvalidRefreshToken extends LogInFirst {
  constructor() {
    super('invalid_refresh_token', 'the refresh token is not valid');
  }
}

/** A refresh token was used twice: it may have been stolen, so its session is over. */
export class RefreshTokenReused extends LogInFirst {
  constructor() {
    super('refresh_token_reused', 'the refresh token was used before; its session has been ended');
  }
}

export class SessionEnded extends LogInFirst {
  constructor() {
    super('session_ended', 'the session has ended; log in again');
  }
}

/** The link of a mail is used up, too old, or was never sent. */
export class InvalidOneTimeToken extends HttpError {
  constructor() {
    super(400, 'invalid_one_time_token', 'This link is not valid', {
      detail: 'ask for a new mail and follow its link',
      errors: [{ field: 'body.token', message: 'used already, expired, or never sent' }],
    });
  }
}

export class EmailTaken extends Conflict {
  constructor() {
    super('email_taken', 'This address has an account', {
      detail: 'log in with it, or set a new password',
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
