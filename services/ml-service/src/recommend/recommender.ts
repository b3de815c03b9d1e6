import type { Database } from '@whatsthecraic/platform/database';
import { NotFound } from '@whatsthecraic/platform/errors';
import { cohortOf } from '../evaluate/evaluate.ts';
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
  /** None but these are ranked. */
  readonly events?: readonly number[] | undefined;
  readonly limit: number;
}

/** More than asked for, since one that was called off a moment ago is taken out at the end. */
const SPARE = 10;
/** What ranks the like of an event before there is a model. */
const BELIEFS = 'beliefs';
const NOBODY: Known = { actions: [], choices: undefined, events: new Map() };

export function createRecommender(
  database: Database,
  catalogue: Catalogue,
  keeper: ModelKeeper,
  now: () => Date,
) {
  const rankers = new Map<string, Ranker>();
  const offer = () => {
    const { upcoming, heatOf } = catalogue;
    return { upcoming, heatOf, now: now().getTime() };
  };

  /** Made when it is first asked for; `renew` makes anew those that there are. */
  function rankerOf(version: string, modelOf: () => Model): Ranker {
    const ranker = rankers.get(version) ?? new Ranker(modelOf(), offer());
    rankers.set(version, ranker);
    return ranker;
  }

  /** Follows the catalogue and the model in service. Until all is made, the old ones answer. */
  async function renew(): Promise<void> {
    const { version, model } = keeper.serving;
    const models = [
      [version, () => model],
      [POPULARITY.version, () => POPULARITY.model],
      [BELIEFS, () => beliefsOf(catalogue.upcoming)],
    ] as const;
    const made: [string, Ranker][] = [];
    for (const [name, modelOf] of models) {
      if (name !== version && !rankers.has(name)) continue;
      made.push([name, await Ranker.inTurns(modelOf(), offer())]);
    }
    rankers.clear();
    for (const [name, ranker] of made) rankers.set(name, ranker);
  }

  async function known(user: number | null): Promise<Known> {
    if (user === null) return NOBODY;
    const [actions, choices] = await Promise.all([
      actionsOf(database, user),
      choicesOf(database, user),
    ]);
    return { actions, choices, events: await catalogue.find(actions.map(({ event }) => event)) };
  }

  const open = async (ranked: readonly Ranked[], limit: number, settled: ReadonlySet<number>) => {
    const ids = ranked.map(({ event }) => event.id);
    const still = await stillOpen(database, ids, { now: now(), settled });
    return ranked.filter(({ event }) => still.has(event.id)).slice(0, limit);
  };

  return {
    renew,

    async forPerson(
      { user, city, from, to, events, limit }: Wish,
      experiment: Experiment | undefined,
    ) {
      const at = now();
      const variant = experiment && user !== null ? assign(experiment, user) : undefined;
      const serving: Serving = variant?.ranking === 'popularity' ? POPULARITY : keeper.serving;
      const person = await known(user);
      const settled = settledEvents(person.actions);
      const began = performance.now();
      const ranker = rankerOf(serving.version, () => serving.model);
      const ranked = ranker.rank(ranker.profile(person, at.getTime()), {
        ...{ city, from: from?.getTime(), to: to?.getTime(), only: events && new Set(events) },
        without: settled,
        limit: limit + SPARE,
        now: at.getTime(),
      });
      const seconds = (performance.now() - began) / 1000;
      const count = person.actions.length;
      return {
        ranked: await open(ranked, limit, settled),
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
      const ranker = rankerOf(isModel ? version : BELIEFS, () =>
        isModel ? model : beliefsOf(catalogue.upcoming),
      );
      const actions = [{ user: 0, event: id, kind: 'save', at: at.getTime() } as const];
      const liked = { actions, choices: undefined, events: new Map([[id, event]]) };
      const profile = ranker.profile(liked, at.getTime());
      const ranked = ranker.rank(profile, {
        without: new Set([id]),
        limit: limit + SPARE,
        now: at.getTime(),
        isUnpopular: true,
      });
      const alike = ranked.filter(({ reasons }) => reasons.some((it) => 'because' in it));
      return { modelVersion: version, ranked: await open(alike, limit, new Set()) };
    },
  };
}

export type Recommender = ReturnType<typeof createRecommender>;

function beliefsOf(events: readonly CanonicalEvent[]): Model {
  const vocabulary = new Vocabulary();
  for (const event of events) itemOf(event, vocabulary, true);
  return emptyModel(vocabulary, 1, () => 0.5);
}
