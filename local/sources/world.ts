import { createRandom } from '../../services/database/src/seed/random.ts';

export interface Gig {
  /** The same in every run for the same day. */
  readonly id: string;
  readonly act: string;
  readonly support: string | undefined;
  readonly city: string;
  readonly venue: string;
  readonly address: string;
  readonly latitude: number;
  readonly longitude: number;
  /** Wall-clock time at the venue: `2026-07-01`, `20:00:00`. */
  readonly date: string;
  readonly time: string;
  readonly genre: string;
  readonly price: number;
  readonly currency: 'EUR' | 'GBP';
  readonly status: 'onsale' | 'cancelled' | 'postponed' | 'rescheduled';
  /** A number from 0 to 99 that decides which sources know it. */
  readonly share: number;
}

const DAY_MS = 86_400_000;
const cities = [
  { name: 'Dublin', latitude: 53.3498, longitude: -6.2603, nightly: 14 },
  { name: 'Cork', latitude: 51.8985, longitude: -8.4756, nightly: 4 },
  { name: 'Belfast', latitude: 54.5973, longitude: -5.9301, nightly: 4 },
  { name: 'Galway', latitude: 53.2707, longitude: -9.0568, nightly: 3 },
  { name: 'Limerick', latitude: 52.6638, longitude: -8.6267, nightly: 2 },
  { name: 'Kilkenny', latitude: 52.6541, longitude: -7.2448, nightly: 1 },
  { name: 'Waterford', latitude: 52.2593, longitude: -7.1101, nightly: 1 },
  { name: 'Sligo', latitude: 54.2766, longitude: -8.4761, nightly: 1 },
] as const;
const halls: readonly [string, ...string[]] = [
  'The Lantern',
  'Salt Store',
  'Áras na Gréine',
  'Tonn',
  'The Cooperage',
  'Number 9',
];
const more: readonly [string, ...string[]] = [
  'Weir Hall',
  'The Loft Above',
  'Cú Chulainn’s',
  'Mill Room',
  'Quayside',
  'An Cúinne',
];
const first: readonly [string, ...string[]] = [
  'Róisín',
  'Paper',
  'Silver',
  'Gaelic',
  'Nuala',
  'Dead',
  'Seán',
  'Electric',
  'Soft',
];
const last: readonly [string, ...string[]] = [
  'Lanterns',
  'Ní Mhurchú',
  'Harbour',
  'Tides',
  'Ó Sé',
  'Machine',
  'Wolves',
  'Club',
];
const genres: readonly [string, ...string[]] = [
  'Rock',
  'Dance/Electronic',
  'Folk',
  'Pop',
  'Jazz',
  'Hip-Hop/Rap',
  'Undefined',
];

/** Everyone who ever plays: the same whatever the day. */
export const acts: readonly string[] = first.flatMap((one) => last.map((two) => `${one} ${two}`));

/** The gigs of a stretch of days (`from` included), the same whenever it is asked. */
export function gigsOf(from: Date, days: number): readonly Gig[] {
  const begin = Math.floor(from.getTime() / DAY_MS);
  return Array.from({ length: days }, (_, index) => begin + index).flatMap(gigsOn);
}

/** Made once: each call of a stand-in looks through all of them. */
const nights = new Map<number, readonly Gig[]>();

function gigsOn(day: number): readonly Gig[] {
  const known = nights.get(day);
  if (known) return known;
  const gigs = cities.flatMap((city, index) => night(city, index, day));
  nights.set(day, gigs);
  return gigs;
}

const rooms: readonly string[] = [...halls, ...more];

/** A number for each room of each city. */
export const venueNumber = ({ city, venue }: Pick<Gig, 'city' | 'venue'>): number =>
  cities.findIndex(({ name }) => name === city) * rooms.length + rooms.indexOf(venue);

function night(city: (typeof cities)[number], cityIndex: number, day: number): Gig[] {
  const random = createRandom(day * 31 + cityIndex * 7_919);
  const open = random.some([...halls, ...more], Math.min(city.nightly, rooms.length));
  return open.map((venue, index) => {
    const isOff = random.below(40);
    return {
      id: `${city.name.toLowerCase()}-${day}-${index}`,
      act: `${random.pick(first)} ${random.pick(last)}`,
      support: random.below(3) === 0 ? `${random.pick(first)} ${random.pick(last)}` : undefined,
      city: city.name,
      venue,
      address: `${1 + rooms.indexOf(venue)} Main Street`,
      latitude: round(city.latitude + rooms.indexOf(venue) * 0.004),
      longitude: city.longitude,
      date: new Date(day * DAY_MS).toISOString().slice(0, 10),
      time: `${19 + random.below(4)}:${random.pick(['00', '30'])}:00`,
      genre: random.pick(genres),
      price: 10 + random.below(40),
      currency: city.name === 'Belfast' ? 'GBP' : 'EUR',
      status: (['cancelled', 'postponed', 'rescheduled'] as const)[isOff] ?? 'onsale',
      share: random.below(100),
    };
  });
}

const round = (degrees: number) => Number(degrees.toFixed(6));
