import test from 'ava';
import { startAggregator } from './helpers/upstream.ts';

test('docs – the page and its files – come from here alone, and may speak to nobody else', async (t) => {
  const { url } = await startAggregator(t, {});

  const page = await fetch(`${url}/docs`);
  const text = await page.text();

  t.is(page.status, 200);
  t.regex(page.headers.get('content-type') ?? '', /^text\/html/);
  const policy = page.headers.get('content-security-policy') ?? '';
  t.regex(policy, /default-src 'none'.*connect-src 'self'/);
  t.notRegex(policy, /script-src[^;]*unsafe/);
  t.notRegex(text, /https?:\/\//, 'nothing is loaded from elsewhere');
  for (const [, path] of text.matchAll(/(?:src|href)="(\/docs\/[^"]+)"/g)) {
    const file = await fetch(url + path);
    t.is(file.status, 200, path);
    t.true((await file.text()).length > 50, path);
    t.regex(file.headers.get('cache-control') ?? '', /^public, max-age=/);
  }
  t.is((await fetch(`${url}/docs/package.json`)).status, 404);
  t.is((await fetch(`${url}/docs/..%2Fpackage.json`)).status, 404);
  t.is((await fetch(`${url}/docs`, { method: 'POST' })).status, 405);
});

test('openapi – the whole public API – is one document, each operation named once and told in full', async (t) => {
  const { url } = await startAggregator(t, {});

  const { paths, openapi } = (await (await fetch(`${url}/openapi.json`)).json()) as {
    openapi: string;
    paths: Record<
      string,
      Record<string, { operationId: string; summary: string; responses: object }>
    >;
  };
  const operations = Object.values(paths).flatMap((it) => Object.values(it));

  t.is(openapi, '3.1.0');
  t.is(new Set(operations.map((it) => it.operationId)).size, operations.length);
  t.true(operations.every((it) => it.summary.length > 5 && 'default' in it.responses));
  t.false(Object.keys(paths).some((path) => path.startsWith('/internal')));
});

test('compression – a large answer – is compressed once, a small one and one for plain clients is not', async (t) => {
  const { url } = await startAggregator(t, {});
  const encodingOf = async (path: string, accept: string) => {
    const answer = await fetch(url + path, { headers: { 'accept-encoding': accept } });
    await answer.text();
    return answer.headers.get('content-encoding');
  };

  t.is(await encodingOf('/openapi.json', 'br'), 'br');
  t.is(await encodingOf('/openapi.json', 'gzip'), 'gzip');
  t.is(await encodingOf('/openapi.json', 'identity'), null);
  t.is(await encodingOf('/nowhere', 'gzip'), null);
  t.is(await encodingOf('/docs/swagger-ui-bundle.js', 'gzip, br'), 'gzip');
});
