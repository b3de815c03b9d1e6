import { createHash } from 'node:crypto';
import { MethodNotAllowed } from '@whatsthecraic/platform/errors';
import { ownHeaders } from '@whatsthecraic/platform/upstream/own-headers';
import express, { type Router } from 'express';
import { renderFrontPage } from '../page/front-page.ts';
import { type FrontPageSources, loadFrontPage } from '../page/load-front-page.ts';
import { STYLE } from '../page/style.ts';

const LONGEST_WORDS = 100;
const LONGEST_CITY = 64;

/** The page at `/`: it may load nothing, run nothing, and send its form only here. */
export function createFrontPage(sources: FrontPageSources): Router {
  const styleHash = createHash('sha256').update(STYLE).digest('base64');
  const policy = [
    "default-src 'none'",
    `style-src 'sha256-${styleHash}'`,
    'img-src data:',
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  const router = express.Router();

  router.get('/', async (req, res) => {
    res.locals.route = '/';
    const query = {
      city: words(req.query.city, LONGEST_CITY),
      q: words(req.query.q),
      cursor: words(req.query.cursor, 400) || undefined,
    };
    const page = await loadFrontPage(query, sources, ownHeaders());
    // A page that lacks something must not be kept by anyone.
    const complete = page.events !== undefined && page.loved !== undefined;
    res.set('Cache-Control', complete ? 'public, max-age=15' : 'no-store');
    res.set('Content-Security-Policy', policy);
    res.status(200).type('html').send(renderFrontPage(page));
  });
  router.all('/', (req) => {
    throw new MethodNotAllowed(req.method, 'GET, HEAD');
  });
  return router;
}

/** A page takes what people paste: it shortens where the API would refuse. */
const words = (value: unknown, longest = LONGEST_WORDS) =>
  typeof value === 'string' ? value.trim().slice(0, longest) : '';
