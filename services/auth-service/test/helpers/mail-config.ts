import type { MailConfig } from '../../src/mail/deliver.ts';

/** A developer's: mails go to the log. */
export const testMail: MailConfig = {
  smtp: null,
  from: 'no-reply@site.example',
  publicUrl: 'http://site.example',
  environment: 'test',
};
