import { Unavailable } from '../errors.ts';

/** What was asked for is done by mail, and this site sends none. */
export class MailNotConfigured extends Unavailable {
  constructor() {
    super('mail_not_configured', 'This site sends no mail', {
      detail: 'ask whoever runs it: SMTP_URL is not set',
      retryAfterSeconds: 3_600,
    });
  }
}
