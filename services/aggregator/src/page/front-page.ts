import { Buffer } from 'node:buffer';
import { type Html, html } from './html.ts';
import { irishDate } from './irish-date.ts';
import type { EventPage, Recommended } from './load-front-page.ts';
import { STYLE } from './style.ts';

export interface FrontPage {
  readonly city: string;
  readonly q: string;
  /** `undefined`: the service behind it does not answer. */
  readonly events: EventPage | undefined;
  readonly loved: Recommended | undefined;
}

type Event = EventPage['events'][number];

const ICON = `data:image/svg+xml;base64,${Buffer.from(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><circle cx="16" cy="16" r="15" fill="#0b6b4f"/><path d="M12 22V9l10-2v13" fill="none" stroke="#fff" stroke-width="2.4"/><circle cx="10" cy="22" r="3" fill="#fff"/><circle cx="20" cy="20" r="3" fill="#fff"/></svg>',
).toString('base64')}`;

/** The site's first page, complete: it needs no other file and runs no script. */
export function renderFrontPage(page: FrontPage): string {
  const title = page.city ? `What’s on in ${page.city}` : 'What’s on in Ireland';
  return html`<!doctype html>
<html lang="en-IE">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="description" content="Gigs in Ireland: what is on, where, and what people save most.">
<title>${title} · What’s the Craic</title>
<link rel="icon" href="${ICON}">
<link rel="service-desc" type="application/json" href="/openapi.json">
${styleElement}
</head>
<body>
<header>
<h1><a href="/">What’s the Craic</a></h1>
<p>Gigs, clubs and sessions all over Ireland.</p>
<form action="/" method="get" role="search">
<label>City<input name="city" value="${page.city}" maxlength="100" placeholder="Dublin, Cork, Galway …" autocomplete="off"></label>
<label>Artist, title or venue<input name="q" type="search" value="${page.q}" maxlength="100" placeholder="techno, trad, Róisín …"></label>
<button>Search</button>
</form>
</header>
<main>
<h2>${page.q ? html`${title}: “${page.q}”` : title}</h2>
${renderEvents(page)}
${renderLoved(page)}
</main>
<footer><a href="/docs">API</a><a href="/health">Health</a></footer>
</body>
</html>
`.text;
}

const styleElement = html([`<style>${STYLE}</style>`] as unknown as TemplateStringsArray);

function renderEvents({ events, city, q }: FrontPage): Html {
  if (!events) {
    return html`<p class="note" role="status">The listings are away for a moment. Try again shortly.</p>`;
  }
  if (events.events.length === 0) {
    return html`<p class="note">Nothing found. Try another city, or fewer words.</p>`;
  }
  const next = new URLSearchParams({
    ...(city ? { city } : {}),
    ...(q ? { q } : {}),
    cursor: events.nextCursor ?? '',
  });
  return html`<ol class="on">${events.events.map(renderEvent)}</ol>
${events.nextCursor ? html`<a class="more" rel="next" href="/?${next.toString()}">Later gigs →</a>` : null}`;
}

function renderEvent(event: Event): Html {
  const { weekday, day, month, clock } = irishDate(event.startsAt);
  const place = event.venue ? `${event.venue.name}, ${event.city}` : event.city;
  const postponed = event.status === 'postponed' ? ' · postponed' : '';
  return html`<li><time datetime="${event.startsAt}">${weekday}<b>${day}</b>${month}</time>
<div><h3>${renderTitle(event)}</h3><p>${place} · ${clock}${postponed}</p>
${event.genres.map((genre) => html`<span class="tag">${genre}</span>`)}</div>
<span class="price">${priceText(event.price)}</span></li>`;
}

/** Only http and https: a `javascript:` URL of some feed must not become a link. */
function renderTitle({ title, ticketUrl }: Event): Html {
  if (!ticketUrl || !/^https?:\/\//i.test(ticketUrl)) return html`${title}`;
  return html`<a href="${ticketUrl}" rel="noopener nofollow external">${title}</a>`;
}

export function priceText(price: Event['price']): string {
  if (!price || price.min === null) return '';
  if (price.min === 0 && !price.max) return 'Free';
  const format = new Intl.NumberFormat('en-IE', {
    style: 'currency',
    currency: price.currency,
    trailingZeroDisplay: 'stripIfInteger',
  });
  if (price.max === null || price.max === price.min) return format.format(price.min);
  return `${format.format(price.min)} – ${format.format(price.max)}`;
}

function renderLoved({ loved, q }: FrontPage): Html | null {
  if (q || !loved || loved.recommendations.length === 0) return null;
  return html`<h2>Most saved</h2>
<ol class="loved">${loved.recommendations.map(({ event, reasons }) => {
    const { weekday, day, month } = irishDate(event.startsAt);
    const saves = reasons.find((reason) => reason.type === 'saves');
    return html`<li><h3>${event.title}</h3><p>${event.venue?.name ?? event.city} · ${weekday} ${day} ${month}${saves ? ` · saved by ${saves.count}` : ''}</p></li>`;
  })}</ol>`;
}
