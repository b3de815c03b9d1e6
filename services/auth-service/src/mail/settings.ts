import { Setting } from '@whatsthecraic/platform/config';
import { Secret } from '@whatsthecraic/platform/secret';
import { z } from 'zod';

export const mailSettings = {
  /** Without it mails are written to the log by developers' services, and not made at all by others. */
  smtp: new Setting(
    'SMTP_URL',
    z
      .url({ protocol: /^smtps?$/ })
      .transform((url) => new Secret(url))
      .nullable()
      .default(null),
    {
      expected: 'smtps://user:password@host:465, or smtp:// on 587 for STARTTLS',
      example: 'printf smtps://user:password@mail.example.com:465',
      secret: true,
    },
  ),
  from: new Setting('MAIL_FROM', z.email().default('no-reply@whatsthecraic.run.place'), {
    expected: 'the address that mails come from',
    example: 'no-reply@whatsthecraic.run.place',
  }),
  /** Where people reach the site: links in mails lead there. */
  publicUrl: new Setting(
    'PUBLIC_URL',
    z
      .url({ protocol: /^https?$/ })
      .transform((url) => new URL(url).origin)
      .default('http://localhost:4000'),
    {
      expected: 'an http or https URL without a path',
      example: 'https://whatsthecraic.run.place',
    },
  ),
  /** Node's own word for what is no developer's machine; every image sets it. */
  environment: new Setting('NODE_ENV', z.string().default('development'), {
    expected: 'production wherever others than developers use it',
    example: 'production',
  }),
};
