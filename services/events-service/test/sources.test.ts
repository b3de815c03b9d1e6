import { readFileSync } from 'node:fs';
import test from 'ava';
import fc from 'fast-check';
import { eachSetting } from '../../../k8s/test/helpers/settings.ts';
import { type SourceEvent, sourceEvent } from '../src/canonical/source-event.ts';
import { createBandsintown } from '../src/sources/bandsintown/index.ts';
import { toEvent as ofBandsintown } from '../src/sources/bandsintown/map.ts';
import { row as bandsintownRow } from '../src/sources/bandsintown/schema.ts';
import { toEvent as ofDice } from '../src/sources/dice/map.ts';
import { readPrices } from '../src/sources/dice/price-text.ts';
import { row as diceRow } from '../src/sources/dice/schema.ts';
import { toEvent as ofEventbrite } from '../src/sources/eventbrite/map.ts';
import { row as eventbriteRow } from '../src/sources/eventbrite/schema.ts';
import { genreSlugOf } from '../src/sources/genre.ts';
import { limits } from '../src/sources/limits.ts';
import { readRows } from '../src/sources/rows.ts';
import { sourceSettings } from '../src/sources/settings.ts';
import { toEvent as ofTicketmaster } from '../src/sources/ticketmaster/map.ts';
import { row as ticketmasterRow } from '../src/sources/ticketmaster/schema.ts';
import { otherFields, rubbishIn } from './helpers/dirty-rows.ts';

const bandsintown = (with_: object): SourceEvent | undefined =>
  ofBandsintown(
    bandsintownRow.parse({
      id: '1',
      datetime: '2026-07-01T20:00:00',
      lineup: ['Lankum'],
      venue: { name: 'Vicar Street', city: 'Dublin' },
      ...with_,
    }),
    'Dublin',
  );
const dice = (with_: object): SourceEvent | undefined =>
  ofDice(
    diceRow.parse({ id: 'a', name: 'Lankum', date: '2026-07-01T20:00:00+01:00', ...with_ }),
    'Dublin',
  );
const eventbrite = (with_: object): SourceEvent =>
  ofEventbrite(
    eventbriteRow.parse({
      id: '7',
      name: { text: 'Lankum' },
      start: { utc: '2026-07-01T19:00:00Z' },
      ...with_,
    }),
    'Dublin',
  );

/** A wall clock in Ireland, and the moment that it means. */
const clocks = [
  ['2026-01-15T20:00:00', '2026-01-15T20:00:00.000Z'],
  ['2026-07-01T20:00:00', '2026-07-01T19:00:00.000Z'],
  // The night in which clocks go forward, before and after.
  ['2026-03-29T00:30:00', '2026-03-29T00:30:00.000Z'],
  ['2026-03-29T02:30:00', '2026-03-29T01:30:00.000Z'],
  // The night in which they go back: half past one comes twice, and the first one is meant.
  ['2026-10-25T01:30:00', '2026-10-25T00:30:00.000Z'],
  ['2026-10-25T02:30:00', '2026-10-25T02:30:00.000Z'],
] as const;

for (const [wall, moment] of clocks) {
  test(`7.B-7 sources – ${wall} by clocks at the venue – is one moment, whoever says so`, (t) => {
    t.is(bandsintown({ datetime: wall })?.startsAt.toISOString(), moment);
    t.is(dice({ date: wall })?.startsAt.toISOString(), moment);
    t.is(eventbrite({ start: { local: wall } }).startsAt.toISOString(), moment);
  });
}

test('7.B-7 sources – moments with a zone, in seconds, in milliseconds, days alone – are what they say', (t) => {
  const at = (date: unknown) => dice({ date })?.startsAt.toISOString();
  t.is(at('2026-07-01T20:00:00+01:00'), '2026-07-01T19:00:00.000Z');
  t.is(at('2026-07-01T19:00:00.000Z'), '2026-07-01T19:00:00.000Z');
  t.is(at(1_782_932_400), '2026-07-01T19:00:00.000Z');
  t.is(at(1_782_932_400_000), '2026-07-01T19:00:00.000Z');
  t.is(at('1782932400'), '2026-07-01T19:00:00.000Z');
  t.like(dice({ date: '2026-07-01' }), { hasTime: false });
  t.is(at('2026-07-01'), '2026-06-30T23:00:00.000Z');
  t.false(bandsintown({ datetime: '2026-07-01T00:00:00' })?.hasTime);
  t.is(
    eventbrite({
      start: { local: '2026-07-01T20:00:00', timezone: 'America/New_York' },
    }).startsAt.toISOString(),
    '2026-07-02T00:00:00.000Z',
  );
  t.false(readRows(diceRow, [{ id: 'a', name: 'x', date: null }]).good.length > 0);
});

const prices: readonly (readonly [string | number, number | null, number | null, string])[] = [
  ['12.50 - 20', 1250, 2000, 'EUR'],
  ['12,50', 1250, null, 'EUR'],
  ['€12,50 – €20,00', 1250, 2000, 'EUR'],
  ['£9', 900, null, 'GBP'],
  ['EUR 1.234,50', 123_450, null, 'EUR'],
  ['1,234.50 EUR', 123_450, null, 'EUR'],
  ['from €5', 500, null, 'EUR'],
  ['Free', 0, null, 'EUR'],
  ['Free - €10', 0, 1000, 'EUR'],
  ['20 - 12.5', 1250, 2000, 'EUR'],
  [17.5, 1750, null, 'EUR'],
  ['£1.5', 150, null, 'GBP'],
];
for (const [text, min, max, currency] of prices) {
  test(`7.B-12 dice – the price ${text} – is read as it is meant`, (t) => {
    t.deepEqual(dice({ price: text })?.price, { min, max, currency });
  });
}

test('7.B-12 dice – what names no price – is none, and any text is read without a fault', (t) => {
  for (const price of ['', 'sold out', 'TBA', null, {}]) t.is(dice({ price })?.price, null);
  t.deepEqual(dice({ priceFrom: 10, priceTo: 12.5, currency: 'GBP' })?.price, {
    min: 1000,
    max: 1250,
    currency: 'GBP',
  });
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const price = readPrices([text], null);
      t.true(price === null || (price.min >= 0 && (price.max ?? price.min) >= price.min));
    }),
  );
  fc.assert(
    fc.property(fc.nat(99_999), fc.constantFrom(',', '.'), (cents, sign) => {
      const text = `${Math.floor(cents / 100)}${sign}${String(cents % 100).padStart(2, '0')}`;
      t.is(readPrices([text], null)?.min, cents);
    }),
  );
});

test('7.B-21 genres – Dance/Electronic – is our electronic; Undefined and Other are none', (t) => {
  t.is(genreSlugOf('Dance/Electronic'), 'electronic');
  t.is(genreSlugOf('EDM / Electronic'), 'electronic');
  t.is(genreSlugOf('Hip-Hop/Rap'), 'hip-hop');
  t.is(genreSlugOf('R&B'), 'rnb');
  t.is(genreSlugOf('Drum & Bass'), 'drum-and-bass');
  for (const nothing of ['Undefined', 'Other', ' other ', 'Music']) {
    t.is(genreSlugOf(nothing), undefined);
  }
  t.deepEqual(dice({ tags: ['gig:electronic', 'dj:techno', 'gig:other'] })?.genres, [
    'electronic',
    'techno',
  ]);
});

test('7.B-8 states – called off, put off, moved – are those that each source has words for', (t) => {
  t.is(dice({ status: 'cancelled' })?.status, 'cancelled');
  t.is(dice({ status: 'POSTPONED' })?.status, 'postponed');
  t.is(dice({ status: 'on-sale' })?.status, 'scheduled');
  t.is(eventbrite({ status: 'canceled' }).status, 'cancelled');
  t.is(eventbrite({ status: 'live' }).status, 'scheduled');
  t.is(bandsintown({})?.status, null);
});

test('sources – words that every object knows – are no state and no genre', (t) => {
  for (const word of ['constructor', 'toString', '__proto__']) {
    t.is(eventbrite({ status: word }).status, null);
    t.is(typeof genreSlugOf(word), 'string');
  }
});

test('bandsintown – without a title – is called by who plays first, and sold by its first offer', (t) => {
  t.like(
    bandsintown({
      title: '',
      lineup: ['Róisín Ó Sé', 'Soft Tides'],
      offers: [{ url: 'https://tickets.example/1' }],
      venue: { name: 'Tonn', city: 'Cork', latitude: '51.9', longitude: '-8.47' },
    }),
    {
      title: 'Róisín Ó Sé',
      artists: ['Róisín Ó Sé', 'Soft Tides'],
      ticketUrl: 'https://tickets.example/1',
      venue: { name: 'Tonn', position: { latitude: 51.9, longitude: -8.47 } },
    },
  );
  t.is(
    readRows(bandsintownRow, [{ id: '1', datetime: '2026-07-01T20:00:00', venue: {} }]).bad.length,
    1,
  );
});

test('7.B-10 bandsintown – whom it is asked about – is the list first, then who plays here, each once', (t) => {
  const { scopes } = createBandsintown({
    baseUrl: 'http://127.0.0.1:1',
    appId: 'x',
    artists: ['Lankum', 'Kneecap', 'LANKUM'],
    mostArtists: 4,
  });
  const artists = [
    'kneecap',
    '..',
    'x'.repeat(65),
    'Róisín Murphy',
    'Roisin Murphy',
    'Bicep',
    'Aslan',
  ];
  t.deepEqual(scopes({ cities: [], artists }), ['Lankum', 'Kneecap', 'Róisín Murphy', 'Bicep']);
});

test('eventbrite – prices in minor units, free ones, ages – are taken as they are', (t) => {
  const cost = (value: number) => ({ value, currency: 'EUR' });
  t.deepEqual(
    eventbrite({
      ticket_availability: { minimum_ticket_price: cost(1250), maximum_ticket_price: cost(2000) },
    }).price,
    { min: 1250, max: 2000, currency: 'EUR' },
  );
  t.deepEqual(eventbrite({ is_free: true, currency: 'GBP' }).price, {
    min: 0,
    max: 0,
    currency: 'GBP',
  });
  t.is(eventbrite({}).price, null);
  t.is(eventbrite({ music_properties: { age_restriction: '18+' } }).ageMin, 18);
  t.is(dice({ ageRestriction: 'This is an 18+ event' })?.ageMin, 18);
  t.is(dice({ ageRestriction: 'All ages' })?.ageMin, null);
});

/** The fields without which nothing is left of a row, and all others. */
const forms = [
  {
    name: 'ticketmaster',
    schema: ticketmasterRow,
    toEvent: ofTicketmaster,
    needed: { id: 'a', name: 'Lankum', dates: { start: { dateTime: '2026-07-01T19:00:00Z' } } },
    others: otherFields.ticketmaster,
  },
  {
    name: 'bandsintown',
    schema: bandsintownRow,
    toEvent: ofBandsintown,
    needed: { id: 'a', datetime: '2026-07-01T20:00:00', title: 'Lankum', venue: {} },
    others: otherFields.bandsintown,
  },
  {
    name: 'eventbrite',
    schema: eventbriteRow,
    toEvent: ofEventbrite,
    needed: { id: 'a', name: { text: 'Lankum' }, start: { utc: '2026-07-01T19:00:00Z' } },
    others: otherFields.eventbrite,
  },
  {
    name: 'dice',
    schema: diceRow,
    toEvent: ofDice,
    needed: { id: 'a', name: 'Lankum', date: '2026-07-01T20:00:00+01:00' },
    others: otherFields.dice,
  },
] as const;

for (const { name, schema, toEvent, needed, others } of forms) {
  test(`${name} – 2,500 rows with rubbish in every field but the needed ones – are all kept, and fit their columns`, (t) => {
    fc.assert(
      fc.property(rubbishIn(others), (dirty) => {
        const { good, bad } = readRows(schema as never, [{ ...dirty, ...needed }]);
        t.deepEqual(bad, []);
        const event = toEvent(good[0] as never, 'Dublin');
        t.notThrows(() => sourceEvent.parse(JSON.parse(JSON.stringify(event))));
        t.is(event?.startsAt.toISOString(), '2026-07-01T19:00:00.000Z');
        t.true((event?.title.length ?? 0) <= 300 && (event?.ticketUrl?.length ?? 0) <= 2_048);
      }),
      { numRuns: 2_500 },
    );
  });
}

test('docs/sources.md – its table – says what the limits and settings say', (t) => {
  const page = readFileSync(new URL('../../../docs/sources.md', import.meta.url), 'utf8');
  for (const { doc, perSecond, perDay, freshMs, paidRunsPerDay } of Object.values(limits)) {
    const [line = ''] = page.split('\n').filter((it) => it.includes(`(${doc})`));
    const calls = perDay.toLocaleString('en-IE');
    const day = paidRunsPerDay ? `${calls}, ${paidRunsPerDay} paid runs` : calls;
    t.true(line.includes(`| ${perSecond} | ${day} | ${freshMs / 3_600_000} h |`), doc);
  }
  for (const { variable } of eachSetting(sourceSettings))
    t.true(page.includes(`\`${variable}\``), variable);
});
