import { slug } from '@whatsthecraic/platform/slug';
import { dublinTime } from './dublin-time.ts';
import { type Place, places } from './places.ts';
import { createRandom, type Random } from './random.ts';
import * as words from './words.ts';

export interface SeedVenue {
  slug: string;
  name: string;
  address: string;
  city: string;
  capacity: number;
  longitude: number;
  latitude: number;
  genres: string[];
}

export interface SeedDj {
  slug: string;
  name: string;
  bio: string;
  city: string;
  feeMinor: number | null;
  genres: string[];
}

export interface SeedEvent {
  uid: string;
  title: string;
  description: string;
  startsAt: Date;
  endsAt: Date | null;
  city: string;
  venueSlug: string;
  status: 'scheduled' | 'postponed' | 'cancelled';
  priceMinMinor: number | null;
  priceMaxMinor: number | null;
  currency: 'EUR' | 'GBP';
  ageMin: number | null;
  ticketUrl: string;
  genres: string[];
}

export interface SeedUser {
  email: string;
  name: string;
}

export interface SeedSave {
  email: string;
  uid: string;
}

export interface SeedData {
  readonly venues: SeedVenue[];
  readonly djs: SeedDj[];
  readonly events: SeedEvent[];
  readonly users: SeedUser[];
  readonly saves: SeedSave[];
}

/** RFC 2606 keeps .example for this: no such mailbox and no such site can exist. */
export const SEED_DOMAIN = 'whatsthecraic.example';
export const DEMO_EMAIL = `demo@${SEED_DOMAIN}`;

const DAYS = 90;
const EVENTS = 600;
const DJS = 80;
const USERS = 300;

/** One gig of forty is called off and one put off, so that both are seen. */
const statuses = ['cancelled', 'postponed'] as const;

type Genre = readonly [slug: string, name: string];
const genres: readonly [Genre, ...Genre[]] = [
  ['techno', 'Techno'],
  ['house', 'House'],
  ['disco', 'Disco'],
  ['drum-and-bass', 'Drum & Bass'],
  ['ambient', 'Ambient'],
  ['indie', 'Indie'],
  ['punk', 'Punk'],
  ['shoegaze', 'Shoegaze'],
  ['synth-pop', 'Synth-Pop'],
  ['rap', 'Rap'],
  ['jazz', 'Jazz'],
  ['trad', 'Trad'],
  ['sean-nos', 'Sean-nós'],
  ['singer-songwriter', 'Singer-Songwriter'],
  ['soul', 'Soul'],
  ['funk', 'Funk'],
  ['metal', 'Metal'],
  ['americana', 'Americana'],
  ['dub', 'Dub'],
  ['classical', 'Classical'],
];

/** The same people, places and gigs in every run; only the dates follow the calendar. */
export function makeSeedData(now: Date): SeedData {
  const random = createRandom(0x63726169);
  const venues = places.flatMap((place) => makeVenues(random, place));
  const djs = makeDjs(random);
  const events = makeEvents(random, now, venues, djs);
  const users = [
    { email: DEMO_EMAIL, name: 'Demo' },
    ...Array.from({ length: USERS }, (_, index) => ({
      email: `listener-${String(index + 1).padStart(3, '0')}@${SEED_DOMAIN}`,
      name: `${random.pick(words.djFirst)} ${index + 1}`,
    })),
  ];
  return { venues, djs, events, users, saves: makeSaves(random, users, events) };
}

function makeVenues(random: Random, place: Place): SeedVenue[] {
  return random.some(words.venueNames, place.venues).map((name) => ({
    slug: slug(name, place.city),
    name,
    address: `${1 + random.below(90)} ${random.pick(words.streets)}`,
    city: place.city,
    capacity: 60 + random.below(30) ** 2,
    // Up to about 600 m to each side: beyond that some would stand in a river or the sea.
    longitude: round(place.longitude + (random.below(1_000) - 500) * 1.8e-5),
    latitude: round(place.latitude + (random.below(1_000) - 500) * 1.1e-5),
    genres: random.some(genres, 2 + random.below(3)).map(([id]) => id),
  }));
}

function makeDjs(random: Random): SeedDj[] {
  const names = words.djFirst.flatMap((first) => words.djLast.map((last) => `${first} ${last}`));
  return random.some(names, DJS).map((name) => {
    const own = random.some(genres, 1 + random.below(3));
    const { city } = pickPlace(random);
    return {
      slug: slug(name),
      name,
      bio: `${own.map(([, label]) => label).join(', ')} from ${city}.`,
      city,
      feeMinor: random.below(5) === 0 ? null : (100 + random.below(24) * 50) * 100,
      genres: own.map(([id]) => id),
    };
  });
}

function makeEvents(
  random: Random,
  now: Date,
  venues: readonly SeedVenue[],
  djs: readonly SeedDj[],
): SeedEvent[] {
  return Array.from({ length: EVENTS }, (_, index) => {
    const place = pickPlace(random);
    const [venue] = random.some(
      venues.filter(({ city }) => city === place.city),
      1,
    );
    const [dj] = random.some(djs, 1);
    if (!venue || !dj) throw new Error(`no venue in ${place.city}, or no DJ at all`);
    const own = random.some(genres, 1 + random.below(2));
    const act = `${random.pick(words.actFirst)} ${random.pick(words.actLast)}`;
    const title = random
      .pick(words.formats)
      .replace('{act}', act)
      .replace('{dj}', dj.name)
      .replace('{genre}', own[0]?.[1] ?? 'Indie');
    // Every day has some, and none has begun when the seed has just been sown.
    const day = 1 + (index % DAYS);
    const startsAt = dublinTime(now, day, 18 + random.below(5), random.pick([0, 0, 0, 30]));
    const isFree = random.below(10) === 0;
    const priceMin = isFree ? 0 : (8 + random.below(30)) * 100;
    const isPriced = random.below(12) > 0;
    const number = String(index + 1).padStart(4, '0');
    return {
      uid: `seed-${number}@${SEED_DOMAIN}`,
      title,
      description: `${random.pick(words.blurbs)} ${own.map(([, label]) => label).join(' and ')} at ${venue.name}, ${venue.city}.`,
      startsAt,
      endsAt:
        random.below(6) === 0
          ? null
          : new Date(startsAt.getTime() + (2 + random.below(4)) * 3_600_000),
      city: venue.city,
      venueSlug: venue.slug,
      status: statuses[random.below(40)] ?? 'scheduled',
      priceMinMinor: isPriced ? priceMin : null,
      priceMaxMinor: isPriced && !isFree ? priceMin + random.below(4) * 500 : isPriced ? 0 : null,
      currency: venue.city === 'Belfast' || venue.city === 'Derry' ? 'GBP' : 'EUR',
      ageMin: random.below(3) === 0 ? 18 : null,
      ticketUrl: `https://tickets.${SEED_DOMAIN}/${number}`,
      genres: own.map(([id]) => id),
    };
  });
}

/** A few gigs are everybody's, most are somebody's: the rank of a pick is the product of two chances. */
function makeSaves(
  random: Random,
  users: readonly SeedUser[],
  events: readonly SeedEvent[],
): SeedSave[] {
  const ranked = random.some(events, events.length);
  return users.flatMap(({ email }) => {
    const picks = new Set<string>();
    const wanted = 3 + random.below(18);
    while (picks.size < wanted) {
      const rank = Math.floor((random.below(1_000) * random.below(1_000) * ranked.length) / 1e6);
      const event = ranked[rank];
      if (event) picks.add(event.uid);
    }
    return [...picks].map((uid) => ({ email, uid }));
  });
}

function pickPlace(random: Random): Place {
  let rest = random.below(places.reduce((sum, { share }) => sum + share, 0));
  for (const place of places) {
    if (rest < place.share) return place;
    rest -= place.share;
  }
  throw new RangeError('the shares do not add up');
}

const round = (degrees: number) => Number(degrees.toFixed(6));
