import { createHash } from 'node:crypto';
import test from 'ava';
import { priceText } from '../src/page/front-page.ts';
import { html } from '../src/page/html.ts';
import { sendJson, startAggregator, startUpstream } from './helpers/upstream.ts';

const event = {
  id: 1,
  title: 'Seisiún <b>& more</b>',
  description: null,
  startsAt: '2026-07-01T22:30:00.000Z',
  endsAt: null,
  city: 'Galway',
  venue: { id: 2, name: 'Róisín Dubh' },
  genres: ['Trad'],
  price: { min: 12.5, max: 20, currency: 'EUR' },
  status: 'scheduled',
  ticketUrl: 'https://tickets.example/1?a=1&b=2',
};
const events = { events: [event], nextCursor: 'abc', hasMore: true };
const loved = {
  model: 'popularity',
  recommendations: [
    {
      event: {
        id: 9,
        title: 'Big Night',
        startsAt: '2026-12-01T20:00:00.000Z',
        city: 'Cork',
        venue: null,
      },
      score: 0.5,
      reasons: [{ type: 'saves', count: 31 }],
    },
  ],
};

test('front page – both services there – shows what is on, escaped, in Irish time, with a search', async (t) => {
  const eventsService = await startUpstream(t, sendJson(events));
  const mlService = await startUpstream(t, sendJson(loved));
  const { url } = await startAggregator(t, { events: eventsService.url, ml: mlService.url });

  const answer = await fetch(`${url}/?city=Galway&utm_source=x`);
  const page = await answer.text();

  t.is(answer.status, 200);
  t.is(answer.headers.get('content-type'), 'text/html; charset=utf-8');
  t.is(answer.headers.get('cache-control'), 'public, max-age=15');
  t.true(page.includes('Seisiún &lt;b&gt;&amp; more&lt;/b&gt;'));
  t.true(page.includes('href="https://tickets.example/1?a=1&amp;b=2"'));
  t.true(page.includes('Róisín Dubh, Galway · 23:30'));
  t.true(page.includes('€12.50 – €20'));
  t.true(page.includes('saved by 31'));
  t.true(page.includes('<input name="city" value="Galway"'));
  t.true(page.includes('href="/?city=Galway&amp;cursor=abc"'));
  t.true(page.includes('href="/openapi.json"') && page.includes('href="/health"'));
  t.is(eventsService.seen[0]?.url, '/v1/events/search?city=Galway&limit=12');
});

test('front page – its policy – allows its own style and nothing else, and the page needs no more', async (t) => {
  const { url } = await startAggregator(t, {});

  const answer = await fetch(url);
  const page = await answer.text();

  const [, style = ''] = /<style>([\s\S]*)<\/style>/.exec(page) ?? [];
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = answer.headers.get('content-security-policy') ?? '';
  t.true(policy.startsWith(`default-src 'none'; style-src 'sha256-${hash}'; img-src data:`));
  t.regex(policy, /form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/);
  t.false(/<script|\son\w+=|style="|https?:\/\/(?!tickets)/.test(page.replace(/data:[^"]+/g, '')));
});

test('front page – a service away, or one that answers nonsense – stands without that part', async (t) => {
  const nonsense = await startUpstream(t, sendJson({ events: 'many' }));
  const mlService = await startUpstream(t, sendJson(loved));
  const { url } = await startAggregator(t, { events: nonsense.url, ml: mlService.url });

  const answer = await fetch(url);
  const page = await answer.text();

  t.is(answer.status, 200);
  t.is(answer.headers.get('cache-control'), 'no-store');
  t.true(page.includes('The listings are away for a moment'));
  t.true(page.includes('Big Night'));
});

test('front page – what people paste – is shortened and escaped, never an error', async (t) => {
  const eventsService = await startUpstream(
    t,
    sendJson({ events: [], nextCursor: null, hasMore: false }),
  );
  const { url } = await startAggregator(t, { events: eventsService.url });

  const q = `"><script>alert(1)</script>${'x'.repeat(500)}`;
  const answer = await fetch(
    `${url}/?q=${encodeURIComponent(q)}&q=again&city=${encodeURIComponent(q)}`,
  );
  const page = await answer.text();

  t.is(answer.status, 200);
  t.false(page.includes('<script>'));
  t.true(page.includes('Nothing found'));
  const city = new URL(eventsService.seen[0]?.url ?? '', url).searchParams.get('city');
  t.is(city?.length, 64);
});

test('front page – a ticket link that is no web address – is not a link', async (t) => {
  const bad = { ...events, events: [{ ...event, ticketUrl: 'javascript:alert(1)' }] };
  const eventsService = await startUpstream(t, sendJson(bad));
  const { url } = await startAggregator(t, { events: eventsService.url });

  t.false((await (await fetch(url)).text()).includes('javascript:'));
});

test('front page – another method – is refused', async (t) => {
  const { url } = await startAggregator(t, {});

  const answer = await fetch(url, { method: 'POST' });

  t.is(answer.status, 405);
  t.is(answer.headers.get('allow'), 'GET, HEAD');
});

test('html – values – are escaped, pieces and lists of pieces are not', (t) => {
  t.is(
    html`<p>${`<&"'>`}${html`<b>${1}</b>`}${[html`<i></i>`, null]}${undefined}</p>`.text,
    '<p>&lt;&amp;&quot;&#39;&gt;<b>1</b><i></i></p>',
  );
});

test('priceText – every kind of price – reads as people write it', (t) => {
  const eur = (min: number | null, max: number | null) => priceText({ min, max, currency: 'EUR' });

  t.is(eur(0, null), 'Free');
  t.is(eur(0, 10), '€0 – €10');
  t.is(eur(15, 15), '€15');
  t.is(eur(12.5, null), '€12.50');
  t.is(eur(null, null), '');
  t.is(priceText(null), '');
  t.is(priceText({ min: 9, max: null, currency: 'GBP' }), '£9');
});
