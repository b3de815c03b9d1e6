import type { MailConfig } from '../../src/mail/deliver.ts';

/** A developer's: mails go to the log. */
export const testMail: MailConfig = {
  smtp: null,
  from: 'no-reply@site.example',
  publicUrl: 'http://127.0.0.1:4000',
  environment: 'test',
};
