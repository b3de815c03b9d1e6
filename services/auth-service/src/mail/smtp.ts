import { type Deliver, MailRefused } from '@whatsthecraic/platform/mail/sender';
import type { Secret } from '@whatsthecraic/platform/secret';
import { createTransport } from 'nodemailer';

export interface Smtp {
  readonly deliver: Deliver;
  close(): void;
}

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** A mail server, by SMTP: few kept connections, TLS unless it is on this very machine. */
export function createSmtp(url: Secret, from: string): Smtp {
  const { hostname, port, protocol, username, password } = new URL(url.reveal());
  const secure = protocol === 'smtps:';
  const transport = createTransport({
    host: hostname,
    port: Number(port) || (secure ? 465 : 587),
    secure,
    requireTLS: !secure && !LOOPBACK.test(hostname),
    ...(username
      ? { auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) } }
      : {}),
    pool: true,
    maxConnections: 2,
    connectionTimeout: 10_000,
    greetingTimeout: 10_000,
    socketTimeout: 20_000,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async deliver({ to, subject, text, replyTo, unsubscribe, id }) {
      try {
        await transport.sendMail({
          from: { name: 'What’s the Craic', address: from },
          // As an object: an address is no list, whatever is in it.
          to: { name: '', address: to },
          ...(replyTo ? { replyTo: { name: '', address: replyTo } } : {}),
          subject,
          text,
          messageId: `<outbox-${id}@${from.split('@')[1]}>`,
          headers: {
            'Auto-Submitted': 'auto-generated',
            ...(unsubscribe
              ? {
                  'List-Unsubscribe': `<${unsubscribe}>`,
                  'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
                }
              : {}),
          },
        });
      } catch (error) {
        throw isForGood(error) ? new MailRefused('refused', { cause: error }) : error;
      }
    },
    close: () => transport.close(),
  };
}

/** A 5xx to this recipient or this text; one to our login is ours to mend, and waits. */
function isForGood(error: unknown): boolean {
  const { code, responseCode = 0 } = error as { code?: string; responseCode?: number };
  return responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE');
}
