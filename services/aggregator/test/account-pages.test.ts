import test from 'ava';
import { linkOutcomes } from '../../auth-service/src/contract/spotify.ts';
import { sendJson, startAggregator, startUpstream } from './helpers/upstream.ts';

const token = 'a'.repeat(43);
const post = (url: string, form: Record<string, string>) =>
  fetch(url, { method: 'POST', body: new URLSearchParams(form) });

test('account pages – a link that is only opened – asks, and uses nothing up', async (t) => {
  const upstream = await startUpstream(t, sendJson({}));
  const { url } = await startAggregator(t, { auth: upstream.url });

  for (const page of ['confirm', 'reset']) {
    const answer = await fetch(`${url}/account/${page}?token=${token}"><script>`);
    const html = await answer.text();

    t.is(answer.status, 200);
    t.regex(html, new RegExp(`name="token" value="${token}&quot;&gt;&lt;script&gt;"`));
    t.is(html.includes('type="password"'), page === 'reset');
    t.is(answer.headers.get('cache-control'), 'no-store');
    t.is(answer.headers.get('referrer-policy'), 'no-referrer');
    t.regex(
      answer.headers.get('content-security-policy') ?? '',
      /^default-src 'none'; style-src 'sha256-/,
    );
  }
  t.deepEqual(upstream.seen, []);
});

test('account pages – a form that is sent – does what the link is for, and says so', async (t) => {
  const upstream = await startUpstream(t, sendJson({ email: 'a@example.com' }));
  const { url } = await startAggregator(t, { auth: upstream.url });

  const confirmed = await post(`${url}/account/confirm`, { token, role: 'admin' });
  const reset = await post(`${url}/account/reset`, { token, password: 'ná habair é' });

  t.regex(await confirmed.text(), /you can log in now/);
  t.regex(await reset.text(), /The new password is set/);
  t.deepEqual(
    upstream.seen.map(({ method, url: path, body }) => [method, path, JSON.parse(body)]),
    [
      ['POST', '/auth/email/confirm', { token }],
      ['POST', '/auth/password/reset', { token, password: 'ná habair é' }],
    ],
  );
});

test('account pages – a token that is used up, and a service that is away – are told in words', async (t) => {
  const refuse = sendJson({ title: 'This link is not valid', detail: 'ask for a <new> one' }, 400);
  const upstream = await startUpstream(t, refuse);
  const { url } = await startAggregator(t, { auth: upstream.url });
  const away = await startAggregator(t, {});

  const used = await post(`${url}/account/confirm`, { token });
  t.is(used.status, 400);
  t.regex(await used.text(), /This link is not valid: ask for a &lt;new&gt; one\./);
  t.is((await post(`${away.url}/account/confirm`, { token })).status, 502);
});

test('account pages – back from Spotify – say in words how it ended, and repeat no other word', async (t) => {
  const { url } = await startAggregator(t, {});
  for (const code of linkOutcomes) {
    const html = await (await fetch(`${url}/account/spotify?code=${code}`)).text();
    t.notRegex(html, /nothing to say/, code);
    t.is(
      /nothing was linked|stays so|cannot be linked/i.test(html),
      !/^(?:linked|state_used)$/.test(code),
      code,
    );
  }
  for (const code of ['<b>', 'toString', '', 'x'.repeat(5_000)]) {
    const html = await (
      await fetch(`${url}/account/spotify?${new URLSearchParams({ code })}`)
    ).text();
    t.regex(html, /nothing to say/);
    t.false(code !== '' && html.includes(code), code);
  }
  t.is((await post(`${url}/account/spotify`, {})).status, 405);
});

test('7.A-22 pages – for people – run no script, so that none can keep or lose a token', async (t) => {
  const upstream = await startUpstream(t, sendJson({}));
  const { url } = await startAggregator(t, { auth: upstream.url });
  for (const page of [
    '/',
    '/account/confirm?token=x',
    '/account/reset?token=x',
    '/account/spotify?code=linked',
  ]) {
    const answer = await fetch(url + page);
    const policy = answer.headers.get('content-security-policy') ?? '';
    t.regex(policy, /default-src 'none'/, page);
    t.notRegex(policy, /script-src/, page);
    t.notRegex(await answer.text(), /<script/i, page);
    t.is(answer.headers.get('set-cookie'), null, page);
  }
});

test('account pages – the link that ends mails of alerts – takes one click, a program’s too, and nothing by being opened', async (t) => {
  const events = await startUpstream(t, (_req, res) => void res.writeHead(204).end());
  const { url } = await startAggregator(t, { events: events.url });
  const link = `${url}/account/alerts?token=${token}`;

  t.is((await fetch(link)).status, 200);
  t.deepEqual(events.seen, []);
  const byProgram = await post(link, { 'List-Unsubscribe': 'One-Click' });
  const byPerson = await post(`${url}/account/alerts`, { token });

  t.deepEqual([byProgram.status, byPerson.status], [200, 200]);
  t.deepEqual(
    events.seen.map(({ method, url: path, body }) => [method, path, JSON.parse(body)]),
    Array.from({ length: 2 }, () => ['POST', '/internal/alerts/unsubscribe', { token }]),
  );
});
