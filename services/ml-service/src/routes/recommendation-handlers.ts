import { replayedHeader } from '@whatsthecraic/platform/idempotency';
import { Answer, type Handlers } from '@whatsthecraic/platform/route';
import type { recommendations } from '../contract/recommendations.ts';
import { POPULARITY } from '../models/keeper.ts';
import type { Ranked } from '../recommend/rank.ts';
import { sentenceOf } from '../recommend/reasons.ts';
import { keepExposure } from '../store/exposures.ts';
import { keepFeedback } from '../store/feedback.ts';
import type { Parts } from './handlers.ts';

export const recommendationHandlers = ({
  database,
  keeper,
  recommender,
  metrics,
  now,
  experiment,
}: Parts): Handlers<typeof recommendations> => ({
  async recommendForMe({ caller, body }) {
    const user = caller?.id ?? null;
    const found = await recommender.forPerson({ ...body, user }, experiment());
    const { ranked, modelVersion, variant, confidence } = found;
    const isPopular = modelVersion === POPULARITY.version;
    metrics.lists.inc({ ranking: isPopular ? 'popularity' : 'model', known: found.known });
    metrics.ownTime.observe(found.seconds);
    if (isPopular && variant === null) {
      metrics.fallbacks.inc({ reason: keeper.trouble ? 'model unreadable' : 'no model yet' });
    }
    const exposure = {
      ...{ user, modelVersion, variant, experiment: found.experiment },
      events: ranked.map(({ event }) => event.id),
      at: now(),
    };
    const isShown = body.expose && ranked.length > 0;
    const exposureId = isShown ? await keepExposure(database, exposure) : null;
    if (isShown) metrics.exposures.inc({ variant: variant ?? 'none' });
    return {
      ...{ modelVersion, experiment: found.experiment, variant, confidence, exposureId },
      recommendations: ranked.map(lineOf),
    };
  },

  async similarEvents({ params, query }) {
    const { modelVersion, ranked } = await recommender.similarTo(params.id, query.limit);
    return { modelVersion, events: ranked.map(lineOf) };
  },

  async giveFeedback({ caller, headers, body }) {
    const key = headers['idempotency-key'];
    const { value, replayed } = await keepFeedback(database, caller.id, body, key, now());
    if (!replayed) {
      metrics.feedback.inc({ variant: value.variant ?? 'none', action: body.action });
    }
    return new Answer({ id: value.id }, { headers: replayedHeader(replayed) });
  },
});

const lineOf = ({ event, score, reasons }: Ranked) => {
  const { id, title, city, venueId, venue } = event;
  const [first] = reasons;
  return {
    event: {
      ...{ id, title, city },
      startsAt: new Date(event.startsAt).toISOString(),
      venue: venueId !== null && venue !== null ? { id: venueId, name: venue } : null,
    },
    score,
    reason: first ? sentenceOf(first) : null,
    reasons: [...reasons],
  };
};
