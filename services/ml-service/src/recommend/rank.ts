import type { Action, Choices } from '../model/facts.ts';
import { strengthOf } from '../model/facts.ts';
import { type Item, itemOf } from '../model/item.ts';
import type { Model } from '../model/model.ts';
import { heat, nearness } from '../model/popularity.ts';
import { emptyProfile, type Profile, profileOf } from '../model/profile.ts';
import { type Person, personOf, scoreOf } from '../model/score.ts';
import type { Heat } from '../store/actions.ts';
import type { CanonicalEvent } from '../store/canonical.ts';
import { diversify } from './diversify.ts';
import { featureReasons, type Reason } from './reasons.ts';

export interface Ranked {
  readonly event: CanonicalEvent;
  /** From 0 to 1, on one scale whatever ranked it. */
  readonly score: number;
  readonly reasons: readonly Reason[];
}

export interface Asked {
  readonly candidates: readonly CanonicalEvent[];
  readonly limit: number;
  readonly now: number;
  heatOf(id: number): Heat;
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
/** So many times the lines that are asked for are enough to choose different ones from. */
const TOP = 20;

interface Scored extends Ranked {
  readonly groups: readonly string[];
}

/** Ranks events for somebody by a model, made once for a version and an edition of the catalogue. */
export class Ranker {
  readonly #model: Model;
  readonly #items = new Map<number, Item>();
  readonly #nobody: Person;

  constructor(model: Model) {
    this.#model = model;
    this.#nobody = personOf(model, emptyProfile());
  }

  itemFor(event: CanonicalEvent): Item {
    const known = this.#items.get(event.id);
    if (known) return known;
    const item = itemOf(event, this.#model.vocabulary);
    this.#items.set(event.id, item);
    return item;
  }

  profile({ actions, choices, events }: Known, now: number): Profile {
    const done = [];
    for (const action of actions) {
      const event = events.get(action.event);
      if (!event) continue;
      done.push({ item: this.itemFor(event), strength: strengthOf(action), at: action.at });
    }
    return profileOf(done, choices, this.#model.vocabulary, now);
  }

  rank(profile: Profile, { candidates, limit, now, heatOf }: Asked): Ranked[] {
    const person = personOf(this.#model, profile);
    const raws = Float64Array.from(candidates, (event) => {
      const warmth = heat(heatOf(event.id).heat);
      const near = nearness(event.startsAt, now);
      return scoreOf(this.#model, person, this.itemFor(event), warmth, near);
    });
    // Numbers sort many times faster than objects, and of ten thousand only the best are looked at.
    const least = raws.toSorted().at(-Math.min(raws.length, limit * TOP)) ?? 0;
    const scored = candidates.flatMap((event, i) => {
      const raw = raws[i] ?? 0;
      return raw < least ? [] : [{ event, raw, groups: groupsOf(event) }];
    });
    scored.sort(
      (a, b) => b.raw - a.raw || a.event.startsAt - b.event.startsAt || a.event.id - b.event.id,
    );
    const lines = withNew(diversify(scored, limit), scored, now, heatOf);
    return lines.map(({ event, raw }): Scored => {
      const { vocabulary } = this.#model;
      const reasons = featureReasons(
        event,
        this.itemFor(event),
        person,
        this.#nobody,
        profile,
        vocabulary,
      );
      return {
        event,
        score: onScale(raw),
        reasons: [...reasons, ...commonReasons(event, now, heatOf)].slice(0, 3),
        groups: [],
      };
    });
  }
}

const groupsOf = ({ artists, venue, city }: CanonicalEvent) => [
  ...artists.map((it) => `artist ${it}`),
  ...(venue === null ? [] : [`venue ${venue}, ${city}`]),
];

/** Rises with the raw score everywhere, without ever reaching 0 or 1. */
const onScale = (raw: number) => Math.round((0.5 + (0.5 * raw) / (2 + Math.abs(raw))) * 1e4) / 1e4;

function commonReasons(event: CanonicalEvent, now: number, heatOf: Asked['heatOf']): Reason[] {
  const { saves, heat: warmth } = heatOf(event.id);
  const days = Math.max(0, Math.floor((event.startsAt - now) / DAY_MS));
  return [
    ...(saves > 0 && warmth > 0 ? [{ type: 'saves', count: saves } as const] : []),
    ...(days <= SOON_DAYS ? [{ type: 'soon', days } as const] : []),
    ...(isNew(event, now, heatOf) ? [{ type: 'new' } as const] : []),
  ];
}

const isNew = ({ id, announcedAt }: CanonicalEvent, now: number, heatOf: Asked['heatOf']) =>
  now - announcedAt < NEW_MS && heatOf(id).saves === 0;

/** Gives one line of ten to the best event that is new, unless one stands there by itself. */
function withNew<T extends { event: CanonicalEvent; groups: readonly string[] }>(
  lines: T[],
  scored: readonly T[],
  now: number,
  heatOf: Asked['heatOf'],
): T[] {
  if (lines.length <= NEW_LINE) return lines;
  const shown = new Set(lines.map(({ event }) => event.id));
  if (lines.slice(0, 10).some(({ event }) => isNew(event, now, heatOf))) return lines;
  const next = scored.find(({ event, groups }) => {
    if (shown.has(event.id) || !isNew(event, now, heatOf)) return false;
    return !lines.some((line) => line.groups.some((group) => groups.includes(group)));
  });
  return next ? lines.toSpliced(NEW_LINE, 0, next).slice(0, lines.length) : lines;
}
