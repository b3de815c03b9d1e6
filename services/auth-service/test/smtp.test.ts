import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { MailRefused } from '@whatsthecraic/platform/mail/sender';
import { Secret } from '@whatsthecraic/platform/secret';
import test, { type ExecutionContext } from 'ava';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { createSmtp } from '../src/mail/smtp.ts';

/** A mail server on loopback that keeps what it is given. */
async function startServer(t: ExecutionContext, options: SMTPServerOptions = {}) {
  const mails: { from: string; to: string[]; text: string; user: unknown }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(chunks).toString(),
          user: session.user,
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  t.teardown(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const { port } = server.server.address() as AddressInfo;
  return { mails, port };
}

function open(t: ExecutionContext, url: string) {
  const smtp = createSmtp(new Secret(url), 'no-reply@site.example');
  t.teardown(() => smtp.close());
  return smtp;
}

const message = { to: 'aoife@example.com', subject: 'Fáilte', text: 'Dia dhuit', id: '7' };

test('smtp – a mail that one can end – says so as RFC 8058 has it', async (t) => {
  const { mails, port } = await startServer(t);
  const link = 'https://site.example/account/alerts?token=abc';
  await open(t, `smtp://127.0.0.1:${port}`).deliver({ ...message, unsubscribe: link });

  const text = (mails[0]?.text ?? '').replace(/\r\n /g, ' ');
  t.regex(text, /^List-Unsubscribe: <https:\/\/site\.example\/account\/alerts\?token=abc>\r$/m);
  t.regex(text, /^List-Unsubscribe-Post: List-Unsubscribe=One-Click\r$/m);
});

test('smtp – a message – arrives as it is, with one recipient and an id that stays', async (t) => {
  const { mails, port } = await startServer(t, {
    onAuth: ({ username, password }, _session, done) =>
      done(null, password === 'p@ss:w' ? { user: username } : undefined),
  });
  const smtp = open(t, `smtp://user:p%40ss%3Aw@127.0.0.1:${port}`);

  await smtp.deliver({ ...message, replyTo: 'owner@example.com' });

  const [mail] = mails;
  t.deepEqual([mail?.from, mail?.to, mail?.user], ['no-reply@site.example', [message.to], 'user']);
  t.regex(mail?.text ?? '', /^Message-ID: <outbox-7@site\.example>\r$/m);
  t.regex(mail?.text ?? '', /^Subject: =\?UTF-8\?/m);
  t.regex(mail?.text ?? '', /^Reply-To: owner@example\.com\r$/m);
  t.regex(mail?.text ?? '', /^Auto-Submitted: auto-generated\r$/m);
});

test('smtp – an address with more than an address in it – reaches nobody else and adds no header', async (t) => {
  const { mails, port } = await startServer(t);
  const smtp = open(t, `smtp://127.0.0.1:${port}`);

  const to = 'a@example.com, victim@example.com';
  await smtp.deliver({ ...message, to, subject: 'x\r\nBcc: victim@example.com' }).catch(() => {});

  for (const mail of mails) {
    t.false(mail.to.includes('victim@example.com'));
    t.notRegex(mail.text, /^Bcc:/im);
  }
  t.true(mails.length <= 1);
});

test('smtp – a recipient who is refused for good, and one for now – are told apart', async (t) => {
  const { port } = await startServer(t, {
    onRcptTo({ address }, _session, done) {
      const responseCode = address.startsWith('never') ? 550 : 451;
      done(Object.assign(new Error('no'), { responseCode }));
    },
  });
  const smtp = open(t, `smtp://127.0.0.1:${port}`);

  await t.throwsAsync(smtp.deliver({ ...message, to: 'never@example.com' }), {
    instanceOf: MailRefused,
  });
  const later = await t.throwsAsync(smtp.deliver({ ...message, to: 'later@example.com' }));
  t.false(later instanceof MailRefused);
});

test('smtp – a wrong login of ours, and a server that is away – wait, since the mail is not to blame', async (t) => {
  const { port } = await startServer(t, {
    onAuth: (_auth, _session, done) => done(Object.assign(new Error('no'), { responseCode: 535 })),
  });
  const wrong = await t.throwsAsync(
    open(t, `smtp://user:wrong@127.0.0.1:${port}`).deliver(message),
  );
  const away = await t.throwsAsync(open(t, 'smtp://127.0.0.1:9').deliver(message));

  t.false(wrong instanceof MailRefused || away instanceof MailRefused);
  t.false(String(wrong?.message).includes('wrong@'));
});

test('smtp – a server elsewhere that offers no TLS – gets neither the login nor the mail', async (t) => {
  const { mails, port } = await startServer(t);
  // A name that is not loopback's and leads there all the same.
  const smtp = open(t, `smtp://user:secret@0.0.0.0:${port}`);

  await t.throwsAsync(smtp.deliver(message), { message: /STARTTLS|TLS/ });
  t.deepEqual(mails, []);
});
