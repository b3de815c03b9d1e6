import { createHash } from 'node:crypto';
import { linkPage } from '@whatsthecraic/auth-service/contract';
import { MethodNotAllowed } from '@whatsthecraic/platform/errors';
import { ownHeaders } from '@whatsthecraic/platform/upstream/own-headers';
import type { Upstream } from '@whatsthecraic/platform/upstream/upstream';
import express, { type Response, type Router } from 'express';
import { z } from 'zod';
import { type AccountPage, renderAccountPage } from '../page/account-page.ts';
import { linkWords } from '../page/link-words.ts';
import { STYLE } from '../page/style.ts';

interface MailLink {
  readonly page: `/account/${string}`;
  /** The service and its route that take the token. */
  readonly upstream: 'auth' | 'events';
  readonly path: string;
  readonly withPassword: boolean;
  readonly title: string;
  readonly ask: string;
  readonly button: string;
  readonly done: string;
}

/** Where the links of mails lead. Opening one does nothing: programs that check mails open them too. */
const links: readonly MailLink[] = [
  {
    page: '/account/confirm',
    upstream: 'auth',
    path: '/auth/email/confirm',
    withPassword: false,
    title: 'Confirm your address',
    ask: 'One click, and the address is yours.',
    button: 'Confirm',
    done: 'The address is confirmed: you can log in now.',
  },
  {
    page: '/account/reset',
    upstream: 'auth',
    path: '/auth/password/reset',
    withPassword: true,
    title: 'Set a new password',
    ask: 'All places where you are logged in will be logged out.',
    button: 'Set it',
    done: 'The new password is set: log in with it.',
  },
  {
    page: '/account/alerts',
    upstream: 'events',
    path: '/internal/alerts/unsubscribe',
    withPassword: false,
    title: 'No more mails of your alerts',
    ask: 'One click, and you get none any more.',
    button: 'Stop them',
    done: 'You get no more mails of your alerts. Asked for again, an alert begins anew.',
  },
];

const styleHash = createHash('sha256').update(STYLE).digest('base64');
const POLICY =
  `default-src 'none'; style-src 'sha256-${styleHash}'; ` +
  "form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const problem = z.object({ detail: z.string().optional(), title: z.string() });
const word = (value: unknown) => (typeof value === 'string' ? value.slice(0, 200) : '');

export function createAccountPages(
  upstreams: Readonly<Record<MailLink['upstream'], Upstream>>,
): Router {
  const router = express.Router();
  const readForm = express.urlencoded({ extended: false, limit: '4kb' });

  for (const link of links) {
    const { page, upstream, path, withPassword, title, ask, button, done } = link;
    const formWith = (token: string) => ({ token, button, withPassword });

    router.get(page, (req, res) => {
      res.locals.route = page;
      send(res, 200, { title, text: ask, form: formWith(word(req.query.token)) });
    });
    router.post(page, readForm, async (req, res) => {
      res.locals.route = page;
      const { password, ...form } = (req.body ?? {}) as Record<string, unknown>;
      // A mail program that ends mails by itself posts to the link as it is (RFC 8058).
      const token = form.token ?? req.query.token;
      const answer = await upstreams[upstream].send({
        method: 'POST',
        path,
        headers: {
          ...ownHeaders(),
          'content-type': 'application/json',
          ...(req.ip ? { 'x-forwarded-for': req.ip } : {}),
        },
        body: Buffer.from(JSON.stringify({ token, ...(withPassword ? { password } : {}) })),
      });
      const told = await answer.body.text();
      if (answer.status < 300) send(res, 200, { title, text: done });
      else send(res, answer.status, { title, text: whyNot(told), form: formWith(word(token)) });
    });
    router.all(page, (req) => {
      throw new MethodNotAllowed(req.method, 'GET, HEAD, POST');
    });
  }
  router.get(linkPage, (req, res) => {
    res.locals.route = linkPage;
    const text = linkWords(word(req.query.code)) ?? 'There is nothing to say here.';
    send(res, 200, { title: 'Your account of Spotify', text });
  });
  router.all(linkPage, (req) => {
    throw new MethodNotAllowed(req.method, 'GET, HEAD');
  });
  return router;
}

function send(res: Response, status: number, page: AccountPage): void {
  res.set('Cache-Control', 'no-store').set('Content-Security-Policy', POLICY);
  res.status(status).type('html').send(renderAccountPage(page));
}

/** A problem in words for a person. */
function whyNot(text: string): string {
  try {
    const { title, detail } = problem.parse(JSON.parse(text));
    return detail ? `${title}: ${detail}.` : `${title}.`;
  } catch {
    return 'That did not work. Try again in a minute.';
  }
}
