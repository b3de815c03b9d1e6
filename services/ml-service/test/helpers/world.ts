import type { Action, Choices, EventFacts, History } from '../../src/model/facts.ts';
import { seeded } from '../../src/model/random.ts';

export interface WorldOptions {
  readonly seed: number;
  readonly people?: number;
  readonly weeks?: number;
  readonly eventsPerWeek?: number;
  /** How many events a person of middling zeal looks at in a week. */
  readonly looks?: number;
  readonly artists?: number;
}

export interface World extends History {
  readonly actions: readonly Action[];
  readonly end: number;
}

const WEEK_MS = 7 * 86_400_000;
const CITIES = ['dublin', 'cork', 'galway', 'limerick', 'waterford', 'belfast'] as const;
const CITY_SHARES = [0.5, 0.18, 0.12, 0.08, 0.04, 0.08];
const FAMILIES = 9;
const GENRES_OF_FAMILY = 4;
const VENUES = 60;

/**
 * A world whose tastes are known, since it makes them: people love some genres, their neighbours a
 * little, few artists and venues much, go out near home, on their own nights, within their means; what
 * is famous draws everyone. They look at some of what is on and save what pleases most, with whims.
 * It knows nothing of how a model describes any of it.
 */
export function makeWorld(options: WorldOptions): World {
  const { seed, people = 400, weeks = 40, eventsPerWeek = 60, looks = 25, artists = 500 } = options;
  const random = seeded(seed);
  const below = (limit: number) => Math.floor(random() * limit);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const byShare = (shares: readonly number[]) => {
    let rest = random() * shares.reduce((sum, it) => sum + it, 0);
    for (let i = 0; i < shares.length; i++) {
      rest -= shares[i] ?? 0;
      if (rest < 0) return i;
    }
    return 0;
  };

  const genreCount = FAMILIES * GENRES_OF_FAMILY;
  const familyOf = (genre: number) => Math.floor(genre / GENRES_OF_FAMILY);
  const genreShares = Array.from({ length: genreCount }, () => 0.2 + random() ** 2);
  const acts = Array.from({ length: artists }, (_, i) => {
    const genre = byShare(genreShares);
    const second = familyOf(genre) * GENRES_OF_FAMILY + below(GENRES_OF_FAMILY);
    return { name: `artist ${i}`, genres: [...new Set([genre, second])], fame: random() ** 4 };
  });
  const venues = Array.from({ length: VENUES }, (_, i) => ({
    name: `venue ${i}`,
    city: byShare(CITY_SHARES),
    family: below(FAMILIES),
    nights: below(3),
  }));
  const fitting = venues.map(({ family }) =>
    acts.map(({ genres, fame }) => (familyOf(genres[0] ?? 0) === family ? 4 : 1) * (0.3 + fame)),
  );

  const start = Date.UTC(2026, 0, 5);
  const events: EventFacts[] = [];
  const hidden: { acts: number[]; venue: number; day: number; city: number; price: number }[] = [];
  for (let week = 0; week < weeks; week++) {
    for (let n = 0; n < eventsPerWeek; n++) {
      const at = below(VENUES);
      const venue = venues[at] ?? { name: '', city: 0, family: 0, nights: 0 };
      const lineUp = new Set([byShare(fitting[at] ?? [1])]);
      while (random() < 0.35 && lineUp.size < 3) lineUp.add(byShare(fitting[at] ?? [1]));
      const day = random() < 0.6 ? 4 + below(3) : below(7);
      const startsAt = start + week * WEEK_MS + day * 86_400_000 + 20 * 3_600_000;
      const fame = Math.max(...[...lineUp].map((it) => acts[it]?.fame ?? 0));
      const price = random() < 0.15 ? 0 : Math.round((8 + 50 * fame + 12 * random()) * 100);
      const genres = [...new Set([...lineUp].flatMap((it) => acts[it]?.genres ?? []))];
      events.push({
        id: events.length + 1,
        startsAt,
        announcedAt: startsAt - WEEK_MS * (1 + random() * 6),
        city: CITIES[venue.city] ?? 'dublin',
        venue: venue.name,
        artists: [...lineUp].map((it) => acts[it]?.name ?? ''),
        genres: genres.map((it) => `genre ${it}`),
        families: [...new Set(genres.map((it) => `family ${familyOf(it)}`))],
        price: random() < 0.2 ? null : price,
      });
      hidden.push({ acts: [...lineUp], venue: at, day, city: venue.city, price });
    }
  }

  // Tastes go together across families in a few ways that no feature names.
  const crowds = Array.from({ length: 6 }, () => ({
    genres: Array.from({ length: genreCount }, () => Math.max(0, normal() - 0.9) * 2.2),
    days: Array.from({ length: 7 }, () => normal() * 0.5),
  }));
  const actions: Action[] = [];
  const choices = new Map<number, Choices>();
  for (let user = 1; user <= people; user++) {
    const crowd = crowds[below(crowds.length)];
    const home = byShare(CITY_SHARES);
    const genreLove = Array.from(
      { length: genreCount },
      (_, it) => (crowd?.genres[it] ?? 0) + (random() < 0.08 ? 2 * random() : 0),
    );
    const actLove = new Map<number, number>();
    const venueLove = new Map<number, number>();
    for (let i = 0; i < 6; i++) actLove.set(below(artists), 1 + 2 * random());
    for (let i = 0; i < 3; i++) venueLove.set(below(VENUES), 0.5 + random());
    const travels = random() < 0.2 ? 1 : 3.5;
    const thrift = Math.max(0, normal() + 0.5);
    const zeal = 0.15 + random() ** 3 * 2.5;
    const joins = start + random() ** 2 * (weeks - 1) * WEEK_MS;
    const liking = (event: number) => {
      const it = hidden[event];
      if (!it) return -9;
      let love = it.city === home ? 0 : -travels;
      for (const act of it.acts) {
        love += actLove.get(act) ?? 0;
        for (const genre of acts[act]?.genres ?? []) love += (genreLove[genre] ?? 0) / 1.5;
        love += 1.2 * (acts[act]?.fame ?? 0);
      }
      love += (venueLove.get(it.venue) ?? 0) + (crowd?.days[it.day] ?? 0);
      return love - thrift * (it.price / 4000);
    };
    if (random() < 0.35) {
      const loved = genreLove.map((love, it) => ({ love, it })).sort((a, b) => b.love - a.love);
      choices.set(user, {
        genres: loved.slice(0, 1 + below(3)).map(({ it }) => `genre ${it}`),
        cities: [CITIES[home] ?? 'dublin'],
        artists: [],
        venues: [],
      });
    }
    const done = new Set<number>();
    for (let week = 0; week < weeks; week++) {
      const now = start + week * WEEK_MS;
      if (now < joins) continue;
      const looked = Math.round(looks * zeal * (0.5 + random()));
      for (let n = 0; n < looked; n++) {
        // Mostly the next five weeks of events, as a list by date shows them.
        const event = Math.min(events.length - 1, week * eventsPerWeek + below(eventsPerWeek * 5));
        const at = now + random() * WEEK_MS;
        const { announcedAt = 0, startsAt = 0 } = events[event] ?? {};
        if (done.has(event) || at < announcedAt || at >= startsAt) continue;
        const love = liking(event) + normal() * 0.8;
        const act = (kind: Action['kind']) => {
          done.add(event);
          actions.push({ user, event: event + 1, kind, at });
        };
        if (love > 3) act('save');
        else if (love > 2.2 && random() < 0.5) act('click');
        else if (love < -3.5 && random() < 0.01) act('hide');
      }
    }
  }
  actions.sort((a, b) => a.at - b.at);
  return { events, actions, choices, end: start + weeks * WEEK_MS };
}
