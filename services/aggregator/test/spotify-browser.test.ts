import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'ava';
import { openBrowser } from '../../../test/helpers/browser.ts';
import { startSpotify } from '../../auth-service/test/helpers/spotify.ts';
import { withSpotify } from '../../auth-service/test/helpers/spotify-config.ts';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { signIn } from '../../platform/test/helpers/sign-in.ts';
import { until } from '../../platform/test/helpers/start.ts';
import { startAll } from './helpers/start-all.ts';

const server = useDatabase(test);

/** A port for the gateway, known before it listens: the address to come back to names it. */
async function freePort(): Promise<number> {
  const it = createServer();
  await new Promise<void>((resolve) => it.listen(0, '127.0.0.1', resolve));
  const { port } = it.address() as AddressInfo;
  await new Promise((resolve) => it.close(resolve));
  return port;
}

test('7.H-3 link – in a real browser, through the gateway – leads to Spotify and back to a page of ours, and only in that browser', async (t) => {
  const spotify = await startSpotify(t);
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const { url } = await startAll(t, server(), { spotify: withSpotify(spotify.url), port });
  t.is(url, publicUrl);
  const person = await signIn(server());
  const browser = await openBrowser(t);
  const page = await browser.newPage();
  // Our pages let no script ask anything; a client of the API is what the test plays.
  await page.setBypassCSP(true);
  const begin = (token: string) =>
    page.evaluate(async (bearer) => {
      const answer = await fetch('/v1/auth/spotify/authorization', {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}` },
      });
      const { url: at } = (await answer.json()) as { url: string };
      // What a script of ours can read is what a script of a stranger could.
      return {
        at,
        cookies: (globalThis as unknown as { document: { cookie: string } }).document.cookie,
      };
    }, token);
  const words = () => page.$eval('[role=status]', (it) => it.textContent ?? '');

  await page.goto(`${url}/`);
  const { at, cookies } = await begin(person.token);
  t.is(cookies, '');
  await page.goto(at);
  await page.select('select', 'aoife-listens');
  await Promise.all([page.waitForNavigation(), page.click('button[value=agree]')]);
  t.is(page.url(), `${url}/account/spotify?code=linked`);
  t.regex(await words(), /is linked/);
  const status = async () =>
    (await fetch(`${url}/v1/auth/spotify`, { headers: person.headers })).json() as Promise<{
      state: string;
      taste: { artists: unknown[] } | null;
    }>;
  await until(async () => (await status()).taste !== null, 10_000);

  // Somebody is sent a link of another one's: their browser was never told of it.
  const other = await signIn(server());
  await page.goto(`${url}/`);
  const second = await begin(other.token);
  const stranger = await (await browser.createBrowserContext()).newPage();
  await stranger.goto(second.at);
  await Promise.all([stranger.waitForNavigation(), stranger.click('button[value=agree]')]);
  t.is(stranger.url(), `${url}/account/spotify?code=other_browser`);

  await page.goto(second.at);
  await Promise.all([page.waitForNavigation(), page.click('button[value=cancel]')]);
  t.is(page.url(), `${url}/account/spotify?code=access_denied`);
  t.regex(await words(), /did not agree/);
});
