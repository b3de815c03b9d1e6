import test from 'ava';
import { datasetOf } from '../src/model/dataset.ts';
import type { EventFacts } from '../src/model/facts.ts';
import { itemOf } from '../src/model/item.ts';
import { heat, nearness } from '../src/model/popularity.ts';
import { personOf, scoreOf } from '../src/model/score.ts';
import { train } from '../src/model/train.ts';
import { diversify } from '../src/recommend/diversify.ts';
import { Ranker } from '../src/recommend/rank.ts';
import { featureReasons, type Reason, sentenceOf } from '../src/recommend/reasons.ts';
import type { CanonicalEvent } from '../src/store/canonical.ts';
import { makeWorld } from './helpers/world.ts';

const world = makeWorld({ seed: 31, people: 300 });
const cut = world.end - 21 * 86_400_000;
const data = datasetOf(world, cut);
const model = train(data, { epochs: 6 });
const shown = (event: EventFacts): CanonicalEvent => ({
  ...event,
  title: `Event ${event.id}`,
  venueId: 1,
  open: true,
});
const candidates = world.events
  .filter((it) => it.startsAt > cut && it.announcedAt < cut)
  .map(shown);

/** The same event as if it had not that feature. */
function without(event: CanonicalEvent, { type, name }: Reason & { name: string }): CanonicalEvent {
  const left = (names: readonly string[]) => names.filter((it) => it !== name);
  switch (type) {
    case 'artist':
      return { ...event, artists: left(event.artists) };
    case 'genre':
      return { ...event, genres: left(event.genres) };
    case 'family':
      return { ...event, families: left(event.families) };
    case 'venue':
      return { ...event, venue: null };
    case 'city':
      return { ...event, city: 'elsewhere' };
    case 'price':
      return { ...event, price: null };
    default:
      return event;
  }
}

test('reasons – 1,000 lines of lists – without the feature that is named first, the event falls', (t) => {
  const heatOf = () => ({ heat: 0, saves: 0 });
  const ranker = new Ranker(model, { upcoming: candidates, now: cut, heatOf });
  const numberOf = new Map(data.events.map(({ id }, i) => [id, i]));
  const byUser = Map.groupBy(
    world.actions.filter(({ at }) => at < cut),
    ({ user }) => user,
  );
  const events = new Map(world.events.map((event) => [event.id, shown(event)]));
  let cases = 0;
  let fell = 0;
  for (const [user, actions] of byUser) {
    const choices = world.choices.get(user);
    const profile = ranker.profile({ actions, choices, events }, cut);
    const person = personOf(model, profile);
    const score = (event: CanonicalEvent) => {
      const warmth = data.popularity.of(numberOf.get(event.id) ?? -1, cut);
      const item = itemOf(event, model.vocabulary);
      return scoreOf(model, person, item, warmth, nearness(event.startsAt, cut));
    };
    const scores = candidates.map(score).sort((a, b) => b - a);
    /** How many others are ahead of one that has now this score, and had that one. */
    const ahead = (now: number, had: number) =>
      scores.filter((it) => it > now + 1e-6).length - (had > now + 1e-6 ? 1 : 0);
    for (const event of candidates.filter((it) => score(it) >= (scores[9] ?? 0))) {
      const item = itemOf(event, model.vocabulary);
      const [first] = featureReasons(event, item, person, profile, model);
      if (!first || !('name' in first) || first.type === 'day') continue;
      cases += 1;
      const before = score(event);
      const after = score(without(event, first));
      if (ahead(after, before) > ahead(before, before)) fell += 1;
    }
    if (cases >= 1_000) break;
  }

  t.true(cases >= 1_000, `${cases}`);
  t.true(fell / cases >= 0.95, `${fell} of ${cases}`);
});

test('reasons – each as a sentence – claims what the reason says', (t) => {
  const say = (reason: Reason) => sentenceOf(reason);

  t.is(say({ type: 'genre', name: 'Techno', because: 'chosen' }), 'You chose Techno');
  t.is(
    say({ type: 'venue', name: 'Róisín Dubh', because: 'liked' }),
    'You liked gigs at Róisín Dubh before',
  );
  t.is(
    say({ type: 'price', name: 'Free', because: 'taste' }),
    'People of your taste like gigs that are free',
  );
  t.is(
    say({ type: 'price', name: 'Up to 20', because: 'liked' }),
    'You liked gigs that cost up to 20 € before',
  );
  t.is(say({ type: 'saves', count: 1 }), 'One person saved it');
  t.is(say({ type: 'soon', days: 1 }), 'It is in 1 day');
  t.is(say({ type: 'soon', days: 0 }), 'It is today');
  t.is(heat(-1), 0);
});

test('diversity – one artist and one venue everywhere – no three of either in any ten', (t) => {
  const lines = Array.from({ length: 60 }, (_, i) => ({
    i,
    groups: i % 2 === 0 ? ['artist a', `venue ${i}`] : i % 3 === 0 ? ['venue v'] : [],
  }));
  const taken = diversify(lines, 30);

  for (let from = 0; from + 10 <= taken.length; from++) {
    const groups = taken.slice(from, from + 10).flatMap((it) => it.groups);
    for (const group of new Set(groups)) {
      t.true(groups.filter((it) => it === group).length <= 2, `${group} at ${from}`);
    }
  }
  t.is(taken[0]?.i, 0);
});
