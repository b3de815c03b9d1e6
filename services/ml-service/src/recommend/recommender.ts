import type { Database } from '@whatsthecraic/platform/database';
import { NotFound } from '@whatsthecraic/platform/errors';
import { cohortOf } from '../evaluate/evaluate.ts';
import { fold } from '../model/facts.ts';
import { Vocabulary } from '../model/features.ts';
import { itemOf } from '../model/item.ts';
import { emptyModel, type Model } from '../model/model.ts';
import { type ModelKeeper, POPULARITY, type Serving } from '../models/keeper.ts';
import { actionsOf, settledEvents } from '../store/actions.ts';
import { type CanonicalEvent, choicesOf, stillOpen } from '../store/canonical.ts';
import { assign, type Experiment } from '../store/experiments.ts';
import type { Catalogue } from './catalogue.ts';
import { confidenceOf } from './confidence.ts';
import { type Known, type Ranked, Ranker } from './rank.ts';

export interface Wish {
  readonly user: number | null;
  readonly city?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  readonly limit: number;
}

/** More than asked for, since one that was called off a moment ago is taken out at the end. */
const SPARE = 10;
const NOBODY: Known = { actions: [], choices: undefined, events: new Map() };

export function createRecommender(
  database: Database,
  catalogue: Catalogue,
  keeper: ModelKeeper,
  now: () => Date,
) {
  const rankers = new Map<string, { edition: number; ranker: Ranker }>();

  /** A ranker knows the events of one edition; the models are at most the one in service and two. */
  function rankerOf(version: string, model: () => Model): Ranker {
    const known = rankers.get(version);
    if (known && known.edition === catalogue.edition) return known.ranker;
    for (const other of rankers.keys()) {
      if (other !== keeper.serving.version && other !== version) rankers.delete(other);
    }
    const ranker = new Ranker(model());
    rankers.set(version, { edition: catalogue.edition, ranker });
    return ranker;
  }

  async function known(user: number | null): Promise<Known> {
    if (user === null) return NOBODY;
    const [actions, choices] = await Promise.all([
      actionsOf(database, user),
      choicesOf(database, user),
    ]);
    return { actions, choices, events: await catalogue.find(actions.map(({ event }) => event)) };
  }

  const open = async (ranked: readonly Ranked[], limit: number) => {
    const still = await stillOpen(
      database,
      ranked.map(({ event }) => event.id),
      now(),
    );
    return ranked.filter(({ event }) => still.has(event.id)).slice(0, limit);
  };

  return {
    async forPerson({ user, city, from, to, limit }: Wish, experiment: Experiment | undefined) {
      const at = now();
      const variant = experiment && user !== null ? assign(experiment, user) : undefined;
      const serving: Serving = variant?.ranking === 'popularity' ? POPULARITY : keeper.serving;
      const person = await known(user);
      const began = performance.now();
      const settled = settledEvents(person.actions);
      const candidates = candidatesOf(catalogue.upcoming, { at, city, from, to }, settled);
      const ranker = rankerOf(serving.version, () => serving.model);
      const ranked = ranker.rank(ranker.profile(person, at.getTime()), {
        candidates,
        limit: limit + SPARE,
        now: at.getTime(),
        heatOf: (id) => catalogue.heatOf(id),
      });
      const seconds = (performance.now() - began) / 1000;
      const count = person.actions.length;
      return {
        ranked: await open(ranked, limit),
        modelVersion: serving.version,
        experiment: variant ? (experiment?.id ?? null) : null,
        variant: variant?.name ?? null,
        confidence: confidenceOf(serving.figures, count),
        known: user === null ? ('anonymous' as const) : cohortOf(count),
        seconds,
      };
    },

    /** What is there for somebody who liked just this; without a model by what is believed of tastes. */
    async similarTo(id: number, limit: number) {
      const event = (await catalogue.find([id])).get(id);
      if (!event) throw new NotFound(`there is no event ${id}`, 'unknown_event');
      const at = now();
      const { version, model } = keeper.serving;
      const isModel = version !== POPULARITY.version;
      const ranker = rankerOf(isModel ? version : 'beliefs', () =>
        isModel ? model : beliefsOf(catalogue.upcoming),
      );
      const actions = [{ user: 0, event: id, kind: 'save', at: at.getTime() } as const];
      const liked = { actions, choices: undefined, events: new Map([[id, event]]) };
      const profile = ranker.profile(liked, at.getTime());
      const others = candidatesOf(catalogue.upcoming, { at }, new Set([id]));
      const ranked = ranker.rank(profile, {
        candidates: others,
        limit: limit + SPARE,
        now: at.getTime(),
        // Who looks for the like of something does not ask for what everybody likes.
        heatOf: () => ({ heat: 0, saves: 0 }),
      });
      const alike = ranked.filter(({ reasons }) => reasons.some((it) => 'because' in it));
      return { modelVersion: version, ranked: await open(alike, limit) };
    },
  };
}

export type Recommender = ReturnType<typeof createRecommender>;

interface Bounds {
  readonly at: Date;
  readonly city?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

function candidatesOf(
  upcoming: readonly CanonicalEvent[],
  { at, city, from, to }: Bounds,
  without: ReadonlySet<number>,
): CanonicalEvent[] {
  const earliest = Math.max(at.getTime(), from?.getTime() ?? 0);
  const latest = to?.getTime() ?? Number.POSITIVE_INFINITY;
  const place = city === undefined ? undefined : fold(city);
  return upcoming.filter(
    (event) =>
      event.startsAt > earliest - (from ? 1 : 0) &&
      event.startsAt < latest &&
      (place === undefined || fold(event.city) === place) &&
      !without.has(event.id),
  );
}

function beliefsOf(events: readonly CanonicalEvent[]): Model {
  const vocabulary = new Vocabulary();
  for (const event of events) itemOf(event, vocabulary, true);
  return emptyModel(vocabulary, 1, () => 0.5);
}
