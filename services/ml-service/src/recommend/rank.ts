import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Action, Choices } from '../model/facts.ts';
import { fold, strengthOf } from '../model/facts.ts';
import { type Item, itemOf } from '../model/item.ts';
import { type Items, itemAt, itemsInSteps, itemsOf } from '../model/items.ts';
import type { Model } from '../model/model.ts';
import { heat, nearness } from '../model/popularity.ts';
import { type Profile, profileOf } from '../model/profile.ts';
import { type Person, personOf, worthOf } from '../model/score.ts';
import type { Heat } from '../store/actions.ts';
import type { CanonicalEvent } from '../store/canonical.ts';
import { nthBest } from './best.ts';
import { diversify } from './diversify.ts';
import { featureReasons, type Reason } from './reasons.ts';

export interface Ranked {
  readonly event: CanonicalEvent;
  /** From 0 to 1, on one scale whatever ranked it. */
  readonly score: number;
  readonly reasons: readonly Reason[];
}

/** What there is to rank, at one moment. */
export interface Offer {
  readonly upcoming: readonly CanonicalEvent[];
  readonly now: number;
  heatOf(id: number): Heat;
}

export interface Asked {
  readonly limit: number;
  readonly now: number;
  readonly city?: string | undefined;
  /** No earlier than this, and before that. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly without?: ReadonlySet<number> | undefined;
  /** None but these. */
  readonly only?: ReadonlySet<number> | undefined;
  /** What everybody likes does not count: for whoever asks for the like of something. */
  readonly isUnpopular?: boolean | undefined;
}

export interface Known {
  readonly actions: readonly Action[];
  readonly choices: Choices | undefined;
  readonly events: ReadonlyMap<number, CanonicalEvent>;
}

const DAY_MS = 86_400_000;
const SOON_DAYS = 7;
const NEW_MS = 7 * DAY_MS;
/** Of ten lines this one is for what is new and has had no chance yet. */
const NEW_LINE = 7;
/** So many times the lines that are asked for are mostly enough to choose different ones from, or surely. */
const WIDTHS = [4, 20];

interface Line {
  readonly place: number;
  readonly event: CanonicalEvent;
  readonly raw: number;
  readonly groups: readonly string[];
}

/**
 * What a list is reckoned in, one after the other: arrays made anew for each would have V8 collect the
 * whole heap again and again, since their memory counts as the process's own.
 */
interface Scratch {
  readonly worth: Float32Array;
  readonly excluded: Uint8Array;
  readonly places: Int32Array;
  readonly raws: Float64Array;
  readonly sorted: Float64Array;
}

/** Ranks what is on offer by a model. All that is the same for everybody is reckoned once, here. */
export class Ranker {
  readonly #model: Model;
  readonly #offer: Offer;
  readonly #items: Items;
  readonly #places: ReadonlyMap<number, number>;
  /** By place: what being wanted, and being near, adds for everybody. */
  readonly #hot: Float64Array;
  readonly #near: Float64Array;
  readonly #starts: Float64Array;
  readonly #cities: readonly string[];
  readonly #groups: (readonly string[])[] = [];
  readonly #scratch: Scratch;
  /** Of events that are over, by which many people are known again and again. */
  readonly #past = new WeakMap<CanonicalEvent, Item>();

  /** The same without keeping others waiting: ten thousand events take a tenth of a second. */
  static async inTurns(model: Model, offer: Offer): Promise<Ranker> {
    const steps = itemsInSteps(offer.upcoming, model.vocabulary);
    for (;;) {
      const { done, value } = steps.next();
      if (done) return new Ranker(model, offer, value);
      await nextTurn();
    }
  }

  constructor(model: Model, offer: Offer, items = itemsOf(offer.upcoming, model.vocabulary)) {
    const { upcoming, now, heatOf } = offer;
    const [hot = 0, near = 0] = model.common;
    this.#model = model;
    this.#offer = offer;
    this.#items = items;
    this.#places = new Map(upcoming.map(({ id }, place) => [id, place]));
    this.#hot = Float64Array.from(upcoming, ({ id }) => hot * heat(heatOf(id).heat));
    this.#near = Float64Array.from(upcoming, ({ startsAt }) => near * nearness(startsAt, now));
    this.#starts = Float64Array.from(upcoming, ({ startsAt }) => startsAt);
    this.#scratch = {
      worth: new Float32Array(model.vocabulary.size),
      excluded: new Uint8Array(upcoming.length),
      places: new Int32Array(upcoming.length),
      raws: new Float64Array(upcoming.length),
      sorted: new Float64Array(upcoming.length),
    };
    const folded = new Map(upcoming.map(({ city }) => [city, '']));
    for (const city of folded.keys()) folded.set(city, fold(city));
    this.#cities = upcoming.map(({ city }) => folded.get(city) ?? city);
  }

  profile({ actions, choices, events }: Known, now: number): Profile {
    const done = [];
    for (const action of actions) {
      const event = events.get(action.event);
      if (!event) continue;
      done.push({ item: this.#itemOf(event), strength: strengthOf(action), at: action.at });
    }
    return profileOf(done, choices, this.#model.vocabulary, now);
  }

  rank(profile: Profile, asked: Asked): Ranked[] {
    const person = personOf(this.#model, profile, this.#scratch.worth);
    const places = this.#placesFor(asked);
    const raws = this.#scores(person, places, asked.isUnpopular);
    const { heatOf } = this.#offer;
    let lines: Line[] = [];
    for (const width of WIDTHS) {
      const best = this.#best(places, raws, asked.limit * width);
      const chosen = diversify(best, asked.limit);
      const mixed = withNew(chosen, best, asked.now, heatOf);
      lines = mixed ?? chosen;
      // A wider choice changes nothing in a list that is full and has its new line.
      if (mixed && lines.length === asked.limit) break;
    }
    return lines.map(({ event, raw, place }) => ({
      event,
      score: onScale(raw),
      reasons: [
        ...featureReasons(event, itemAt(this.#items, place), person, profile, this.#model),
        ...commonReasons(event, asked.now, heatOf),
      ].slice(0, 3),
    }));
  }

  /** Of ten thousand only the best are looked at as more than a number. */
  #best(places: Int32Array, raws: Float64Array, count: number): Line[] {
    const sorted = this.#scratch.sorted.subarray(0, raws.length);
    sorted.set(raws);
    const least = nthBest(sorted, count);
    const best: Line[] = [];
    for (let i = 0; i < raws.length; i++) {
      const raw = raws[i] as number;
      if (raw < least) continue;
      const place = places[i] as number;
      const event = this.#offer.upcoming[place] as CanonicalEvent;
      best.push({ place, event, raw, groups: this.#groupsAt(place) });
    }
    return best.sort(
      (a, b) => b.raw - a.raw || a.event.startsAt - b.event.startsAt || a.event.id - b.event.id,
    );
  }

  #itemOf(event: CanonicalEvent): Item {
    const place = this.#places.get(event.id);
    if (place !== undefined) return itemAt(this.#items, place);
    const item = this.#past.get(event) ?? itemOf(event, this.#model.vocabulary);
    this.#past.set(event, item);
    return item;
  }

  #scores(person: Person, places: Int32Array, isUnpopular = false): Float64Array {
    const scores = this.#scratch.raws.subarray(0, places.length);
    for (let i = 0; i < places.length; i++) {
      const place = places[i] as number;
      const hot = isUnpopular ? 0 : (this.#hot[place] as number);
      scores[i] = worthOf(person, this.#items, place) + hot + (this.#near[place] as number);
    }
    return scores;
  }

  #groupsAt(place: number): readonly string[] {
    const known = this.#groups[place];
    if (known) return known;
    const groups = groupsOf(this.#offer.upcoming[place] as CanonicalEvent);
    this.#groups[place] = groups;
    return groups;
  }

  /** Where the events are that may stand in the list. */
  #placesFor({ now, city, from, to, without, only }: Asked): Int32Array {
    const starts = this.#starts;
    const { excluded, places: found } = this.#scratch;
    excluded.fill(0);
    for (const id of without ?? []) {
      const place = this.#places.get(id);
      if (place !== undefined) excluded[place] = 1;
    }
    const place = city === undefined ? undefined : fold(city);
    const earliest = from ?? Number.NEGATIVE_INFINITY;
    const latest = to ?? Number.POSITIVE_INFINITY;
    const fits = (i: number) => {
      const start = starts[i] as number;
      return (
        start > now &&
        start >= earliest &&
        start < latest &&
        excluded[i] === 0 &&
        (place === undefined || this.#cities[i] === place)
      );
    };
    let count = 0;
    const take = (i: number | undefined) => {
      if (i !== undefined && fits(i)) found[count++] = i;
    };
    if (only) for (const id of only) take(this.#places.get(id));
    else for (let i = 0; i < starts.length; i++) take(i);
    return found.subarray(0, count);
  }
}

const groupsOf = ({ artists, venue, city }: CanonicalEvent) => [
  ...artists.map((it) => `artist ${it}`),
  ...(venue === null ? [] : [`venue ${venue}, ${city}`]),
];

/** Rises with the raw score everywhere, without ever reaching 0 or 1. */
const onScale = (raw: number) => Math.round((0.5 + (0.5 * raw) / (2 + Math.abs(raw))) * 1e4) / 1e4;

function commonReasons(event: CanonicalEvent, now: number, heatOf: Offer['heatOf']): Reason[] {
  const { saves, heat: warmth } = heatOf(event.id);
  const days = Math.max(0, Math.floor((event.startsAt - now) / DAY_MS));
  return [
    ...(saves > 0 && warmth > 0 ? [{ type: 'saves', count: saves } as const] : []),
    ...(days <= SOON_DAYS ? [{ type: 'soon', days } as const] : []),
    ...(isNew(event, now, heatOf) ? [{ type: 'new' } as const] : []),
  ];
}

const isNew = ({ id, announcedAt }: CanonicalEvent, now: number, heatOf: Offer['heatOf']) =>
  now - announcedAt < NEW_MS && heatOf(id).saves === 0;

/** Gives one line of ten to the best event that is new, unless one stands there; nothing if there is none. */
function withNew(
  lines: Line[],
  best: readonly Line[],
  now: number,
  heatOf: Offer['heatOf'],
): Line[] | undefined {
  if (lines.length <= NEW_LINE) return lines;
  if (lines.slice(0, 10).some(({ event }) => isNew(event, now, heatOf))) return lines;
  const shown = new Set(lines.map(({ event }) => event.id));
  const next = best.find(({ event, groups }) => {
    if (shown.has(event.id) || !isNew(event, now, heatOf)) return false;
    return !lines.some((line) => line.groups.some((group) => groups.includes(group)));
  });
  return next && lines.toSpliced(NEW_LINE, 0, next).slice(0, lines.length);
}
