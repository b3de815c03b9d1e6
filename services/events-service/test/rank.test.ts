import test from 'ava';
import fc from 'fast-check';
import { type Because, type Profile, strongest, WEEKDAYS } from '../src/feed/profile.ts';
import { type Candidate, type Line, rankFeed } from '../src/feed/rank.ts';
import { sentenceOf } from '../src/feed/sentence.ts';

const now = new Date('2026-12-01T12:00:00Z');
const DAY_MS = 86_400_000;

const event = (id: number, more: Partial<Candidate> = {}): Candidate => ({
  ...{ id, startsAt: new Date(now.getTime() + 40 * DAY_MS), city: 'Cork', cityKey: 'cork' },
  ...{ venue: null, artists: [], genres: [], price: null },
  ...more,
});
const person = (more: Partial<Profile> = {}): Profile => ({
  ...{ artists: new Map(), venues: new Map(), venueNames: [], genres: new Map() },
  ...{ cities: new Set<string>(), nights: new Set<never>(), budget: null },
  ...more,
});
const artist = (key: string) => ({ key, name: key.toUpperCase() });
const genre = (id: number) => ({ id, name: `G${id}` });
const rank = (events: readonly Candidate[], profile: Profile, learned = new Map()) =>
  rankFeed(events, profile, learned, now);
const only = (lines: readonly Line[]) => lines[0] as Line;

test('7.B-1 rankFeed – the best in three months – comes before a hundred that come sooner', (t) => {
  const sooner = Array.from({ length: 100 }, (_, id) =>
    event(id + 1, { startsAt: new Date(now.getTime() + (id + 1) * 3_600_000) }),
  );
  const loved = event(999, { artists: [artist('u2')], startsAt: new Date('2027-02-28T20:00:00Z') });

  const lines = rank([...sooner, loved], person({ artists: new Map([['u2', 'chosen']]) }));

  t.is(lines[0]?.id, 999);
  t.deepEqual(lines[0]?.reasons, [{ type: 'artist', name: 'U2', because: 'chosen' }]);
  t.deepEqual(
    lines.slice(1).map(({ id }) => id),
    sooner.map(({ id }) => id),
  );
});

test('7.B-20 rankFeed – thirty liked genres and ten artists – count no more than the most of their kind', (t) => {
  const many = Array.from({ length: 30 }, (_, id) => genre(id));
  const artists = Array.from({ length: 10 }, (_, id) => artist(`a${id}`));
  const profile = person({
    genres: new Map(many.map(({ id }) => [id, 'chosen'])),
    artists: new Map(artists.map(({ key }) => [key, 'followed'])),
  });
  const score = (more: Partial<Candidate>) => only(rank([event(1, more)], profile)).score;

  t.is(score({ genres: many }), score({ genres: many.slice(0, 2) }));
  t.true(score({ genres: many }) > score({ genres: many.slice(0, 1) }));
  t.is(score({ artists }), score({ artists: artists.slice(0, 2) }));
});

test('7.B-20 rankFeed – an artist within a word – is another one', (t) => {
  const profile = person({ artists: new Map([['her', 'chosen']]) });
  const [line] = rank([event(1, { artists: [artist('cher'), artist('her-majesty')] })], profile);

  t.deepEqual(line?.reasons, []);
  t.is(line?.score, 0);
});

test('7.B-7 rankFeed – Friday at half past midnight – is a Thursday night in Ireland', (t) => {
  const at = new Date('2026-07-02T23:30:00Z'); // 00:30 on Friday by Irish summer time.
  const on = (night: (typeof WEEKDAYS)[number]) =>
    only(rank([event(1, { startsAt: at })], person({ nights: new Set([night]) }))).reasons;

  t.deepEqual(on('thu'), [{ type: 'night', name: 'thu', because: 'chosen' }]);
  t.deepEqual(on('fri'), []);
});

test('rankFeed – a budget – lifts what is within it, lowers what is above, and leaves what is not known', (t) => {
  const at = (price: number | null) => ({ ...event(price ?? 1), price, genres: [genre(1)] });
  const profile = person({ budget: 2000, genres: new Map([[1, 'chosen']]) });
  const lines = rank([at(5000), at(null), at(2000)], profile);

  t.deepEqual(
    lines.map(({ id }) => id),
    [2000, 1, 5000],
  );
  t.deepEqual(only(lines).reasons.at(-1), { type: 'budget', name: '20 €', because: 'chosen' });
  t.false(lines.at(-1)?.reasons.some(({ type }) => type === 'budget'));
});

test('strongest – what is known from several places – counts once, as the strongest of them', (t) => {
  const joined = strongest<string>([
    ['listened', ['a', 'b', 'c']],
    ['saved', ['b', 'c']],
    ['followed', ['c']],
  ]);
  t.deepEqual([...joined].toSorted(), [
    ['a', 'listened'],
    ['b', 'saved'],
    ['c', 'followed'],
  ]);
});

const because = fc.constantFrom<Because>('followed', 'chosen', 'saved', 'listened');
const candidate = fc.record({
  id: fc.integer({ min: 1, max: 40 }),
  startsAt: fc.integer({ min: 0, max: 90 }).map((days) => new Date(now.getTime() + days * DAY_MS)),
  cityKey: fc.constantFrom('cork', 'dublin'),
  city: fc.constant('Somewhere'),
  venue: fc.constantFrom(null, { key: 'v', name: 'V' }),
  artists: fc.uniqueArray(fc.constantFrom('a', 'b', 'c')).map((keys) => keys.map(artist)),
  genres: fc.uniqueArray(fc.integer({ min: 1, max: 5 })).map((ids) => ids.map(genre)),
  price: fc.option(fc.integer({ min: 0, max: 9000 })),
});
const anyone = fc.record({
  artists: fc
    .dictionary(fc.constantFrom('a', 'b'), because)
    .map((it) => new Map(Object.entries(it))),
  venues: fc.dictionary(fc.constant('v'), because).map((it) => new Map(Object.entries(it))),
  venueNames: fc.constant([]),
  genres: fc.array(fc.tuple(fc.integer({ min: 1, max: 4 }), because)).map((it) => new Map(it)),
  cities: fc.uniqueArray(fc.constantFrom('cork')).map((it) => new Set<string>(it)),
  nights: fc.uniqueArray(fc.constantFrom(...WEEKDAYS)).map((it) => new Set(it)),
  budget: fc.option(fc.integer({ min: 0, max: 9000 })),
});

test('rankFeed – any events and any person – are in one order however they came, with reasons that hold', (t) => {
  const events = fc.uniqueArray(candidate, { selector: ({ id }) => id, maxLength: 20 });
  fc.assert(
    fc.property(events, anyone, fc.integer(), (list, profile, seed) => {
      const lines = rank(list, profile);
      const shuffled = list.toSorted((a, b) => ((a.id * seed) % 7) - ((b.id * seed) % 7));
      t.deepEqual(rank(shuffled, profile), lines);
      for (const { id, score, reasons } of lines) {
        const of = list.find((it) => it.id === id) as Candidate;
        t.true(score >= 0 && score <= 1);
        for (const { type, name, because: why } of reasons) {
          const holds = {
            artist: of.artists.some(
              (it) => it.name === name && profile.artists.get(it.key) === why,
            ),
            genre: of.genres.some((it) => it.name === name && profile.genres.get(it.id) === why),
            venue: of.venue?.name === name && profile.venues.get(of.venue.key) === why,
            city: profile.cities.has(of.cityKey),
            night: profile.nights.has(name as (typeof WEEKDAYS)[number]),
            budget: of.price !== null && of.price <= (profile.budget ?? -1),
            recommended: false,
          }[type];
          t.true(holds, `${type} ${name} ${why}`);
          t.true(sentenceOf({ type, name, because: why }).length > name.length);
        }
      }
    }),
    { numRuns: 200 },
  );
});
