import test from 'ava';
import { openBrowser } from '../../../test/helpers/browser.ts';
import { sendJson, startAggregator, startUpstream } from './helpers/upstream.ts';

test('docs – in a browser – loads from here alone, lists the API, and a call made from it answers', async (t) => {
  const djs = { djs: [{ id: 7, name: 'Róisín' }], nextCursor: null, hasMore: false };
  const upstream = await startUpstream(t, sendJson(djs));
  const { url } = await startAggregator(t, { dj: upstream.url });
  const page = await (await openBrowser(t)).newPage();
  const asked: string[] = [];
  const wrong: string[] = [];
  page.on('request', (request) => void asked.push(request.url()));
  page.on('pageerror', (error) => void wrong.push(String(error)));
  page.on('console', (message) => {
    // What breaks the page's policy is told here too.
    if (message.type() === 'error') wrong.push(message.text());
  });

  await page.goto(`${url}/docs`, { waitUntil: 'networkidle0', timeout: 60_000 });
  await page.waitForSelector('.opblock', { timeout: 30_000 });
  const operations = await page.$$eval('.opblock', (found) => found.length);
  await page.click('#operations-djs-listDjs .opblock-summary-control');
  await page.waitForSelector('#operations-djs-listDjs .execute', { timeout: 30_000 });
  await page.click('#operations-djs-listDjs .execute');
  const body = '#operations-djs-listDjs .live-responses-table .response-col_description code';
  await page.waitForSelector(body, { timeout: 30_000 });
  const answer = await page.$eval(body, (found) => found.textContent ?? '');
  const status = await page.$eval(
    '#operations-djs-listDjs .live-responses-table .response .response-col_status',
    (found) => found.textContent ?? '',
  );

  t.deepEqual(wrong, []);
  t.deepEqual(
    asked.filter((it) => !it.startsWith(url) && !it.startsWith('data:')),
    [],
  );
  t.true(operations > 60, `${operations} operations`);
  t.regex(status, /200/);
  t.regex(answer, /"name": "Róisín"/);
  t.is(upstream.seen.at(-1)?.url.split('?')[0], '/djs');
});
