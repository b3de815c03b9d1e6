import type { ConfigOf } from '@whatsthecraic/platform/config';
import type { Log } from '@whatsthecraic/platform/log';
import type { Deliver } from '@whatsthecraic/platform/mail/sender';
import type { mailSettings } from './settings.ts';
import { createSmtp } from './smtp.ts';

export type MailConfig = ConfigOf<typeof mailSettings>;

/** The way that mails leave by; `undefined` where there is none. */
export function createDeliver(config: MailConfig, log: Log): Deliver | undefined {
  if (config.smtp) return createSmtp(config.smtp, config.from).deliver;
  if (config.environment === 'production') return undefined;
  return async function logMail({ to, subject, text }) {
    log.info({ to, subject, text }, 'mail, since SMTP_URL is not set');
  };
}

/** Whether a mail that is asked for will be on its way. */
export const canMail = ({ smtp, environment }: MailConfig) =>
  smtp !== null || environment !== 'production';
