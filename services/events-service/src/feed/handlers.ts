import type { Database } from '@whatsthecraic/platform/database';
import type { Log } from '@whatsthecraic/platform/log';
import type { Handlers } from '@whatsthecraic/platform/route';
import type { Upstream } from '@whatsthecraic/platform/upstream/upstream';
import { wantedOf } from '../search/wanted.ts';
import { findCandidates, readCandidates } from '../store/candidates.ts';
import { loadEvents } from '../store/events.ts';
import { feedPage, keepFeed, placeIn } from '../store/feeds.ts';
import { readProfile } from '../store/profile.ts';
import type { feedContract } from './contract.ts';
import { askLearned, type Told } from './learned.ts';
import { isKnown } from './profile.ts';
import { rankFeed } from './rank.ts';
import { sentenceOf } from './sentence.ts';

/** Further down nobody looks; whoever does, searches. */
const LONGEST_FEED = 300;
const NOTHING: Told = { byEvent: new Map(), isPersonal: false };

export function createFeedHandlers(
  database: Database,
  mlService: Upstream,
  log: Log,
): Handlers<typeof feedContract> {
  /** Ranks a whole list and keeps it; gives back its number. */
  async function makeFeed(
    userId: number,
    wanted: ReturnType<typeof wantedOf>,
    authorization: string,
  ): Promise<string> {
    const now = new Date();
    const profile = await readProfile(database, userId);
    const ids = await findCandidates(database, wanted, profile, userId);
    const told = ids.length > 0 ? await askLearned(mlService, ids, authorization, log) : NOTHING;
    const candidates = await readCandidates(database, ids);
    const byEvent = told?.byEvent ?? NOTHING.byEvent;
    const lines = rankFeed(candidates, profile, byEvent, now).slice(0, LONGEST_FEED);
    return keepFeed(database, userId, {
      lines,
      isPersonal: isKnown(profile) || (told?.isPersonal ?? false),
      degraded: told ? [] : [mlService.name],
    });
  }

  return {
    async myFeed({ query: { limit, cursor, ...asked }, caller, headers }) {
      const wanted = wantedOf(asked, new Date());
      const place =
        cursor === undefined
          ? { id: await makeFeed(caller.id, wanted, headers.authorization), from: 0 }
          : placeIn(cursor);
      const page = await feedPage(database, caller.id, { ...place, limit });
      const ids = page.lines.map(({ id }) => id);
      const events = ids.length === 0 ? [] : await loadEvents(database, ids);
      const byId = new Map(events.map((event) => [event.id, event]));
      return {
        events: page.lines.flatMap(({ id, score, reasons }) => {
          const event = byId.get(id);
          const told = reasons.map((reason) => ({ ...reason, sentence: sentenceOf(reason) }));
          return event ? [{ ...event, score, reasons: told }] : [];
        }),
        nextCursor: page.nextCursor,
        hasMore: page.nextCursor !== null,
        personalised: page.isPersonal,
        degraded: [...page.degraded],
      };
    },
  };
}
