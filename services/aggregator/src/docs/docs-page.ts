import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { MethodNotAllowed } from '@whatsthecraic/platform/errors';
import express, { type Router } from 'express';

/** Everything of the page is served from here; it may speak to nobody else. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  // Swagger UI writes style attributes.
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const PAGE = `<!doctype html>
<html lang="en-IE">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API · What’s the Craic</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
</head>
<body>
<div id="api"></div>
<noscript><p>This page needs a script of ours. The same is at <a href="/openapi.json">/openapi.json</a>.</p></noscript>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

const START = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  displayRequestDuration: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;

/** Of the package only these: the rest is for other ways to build a page. */
const FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
  'favicon-32x32.png': 'image/png',
};

const compress = promisify(gzip);

/** The page at `/docs`: reads `/openapi.json` and makes calls from the browser. */
export function createDocsPage(): Router {
  const router = express.Router({ caseSensitive: true, strict: true });
  const folder = dirname(fileURLToPath(import.meta.resolve('swagger-ui-dist/swagger-ui.css')));
  const files = new Map<string, Promise<{ plain: Buffer; small: Buffer }>>();
  const load = (name: string) => {
    const found = files.get(name) ?? read(join(folder, name));
    files.set(name, found);
    return found;
  };

  router.get('/docs', (_req, res) => {
    res.locals.route = '/docs';
    res.set({ 'Content-Security-Policy': POLICY, 'Cache-Control': 'public, max-age=300' });
    res.type('html').send(PAGE);
  });
  router.get('/docs/start.js', (_req, res) => {
    res.locals.route = '/docs/start.js';
    res.set('Cache-Control', 'public, max-age=300').type('text/javascript').send(START);
  });
  for (const [name, type] of Object.entries(FILES)) {
    router.get(`/docs/${name}`, async (req, res) => {
      res.locals.route = '/docs/:file';
      const { plain, small } = await load(name);
      const takesGzip = /\bgzip\b/.test(req.headers['accept-encoding'] ?? '');
      res.set({ 'Cache-Control': 'public, max-age=86400', Vary: 'Accept-Encoding' }).type(type);
      if (takesGzip) res.set('Content-Encoding', 'gzip');
      res.send(takesGzip ? small : plain);
    });
  }
  router.all(/^\/docs(?:\/.*)?$/, (req, _res, next) => {
    next(
      req.method === 'GET' || req.method === 'HEAD'
        ? undefined
        : new MethodNotAllowed(req.method, 'GET, HEAD'),
    );
  });
  return router;
}

/** Compressed once, not for each reader: the script is 1.4 MB. */
async function read(path: string): Promise<{ plain: Buffer; small: Buffer }> {
  const plain = await readFile(path);
  return { plain, small: await compress(plain) };
}
