import { countedOnce } from '@whatsthecraic/platform/counted-once';
import type { Database } from '@whatsthecraic/platform/database';
import { replayedHeader } from '@whatsthecraic/platform/idempotency';
import type { Log } from '@whatsthecraic/platform/log';
import { Answer, type Handlers } from '@whatsthecraic/platform/route';
import type { Throttle } from '@whatsthecraic/platform/throttle';
import { z } from 'zod';
import { type spotify as contract, type LinkOutcome, linkPage } from '../contract/spotify.ts';
import { spotifySyncCharges } from '../domain/limits.ts';
import { createBrowserCookie } from '../spotify/browser-cookie.ts';
import {
  SpotifyLinkBroken,
  SpotifyLinkingNotConfigured,
  SpotifyNotLinked,
} from '../spotify/errors.ts';
import { ATTEMPT_MS, createSpotifyLinking, outcomeOf, unlink } from '../spotify/linking.ts';
import type { SpotifySetup } from '../spotify/setup.ts';
import { askForSync, findLink, findTaste } from '../store/spotify-links.ts';

export interface SpotifyParts {
  readonly database: Database;
  readonly throttle: Throttle;
  readonly setup: SpotifySetup | undefined;
  readonly publicUrl: string;
  readonly log: Log;
  readonly now: () => number;
}

const ASKED = 'it is fetched in a moment; look at GET /v1/auth/spotify';

export const spotifyHandlers = (parts: SpotifyParts): Handlers<typeof contract> => {
  const { database, throttle, setup, publicUrl, log, now } = parts;
  const cookie = createBrowserCookie(publicUrl);
  const linking = setup && createSpotifyLinking({ ...parts, setup });

  /** Leads the browser to the page that says what became of it. */
  const leadOn = (outcome: LinkOutcome) =>
    new Answer(undefined, {
      headers: {
        Location: `${publicUrl}${linkPage}?code=${outcome}`,
        ...(outcome === 'linked' ? { 'Set-Cookie': cookie.clear() } : {}),
      },
    });

  return {
    async beginSpotifyLink({ caller, headers }) {
      if (!linking) throw new SpotifyLinkingNotConfigured();
      const begun = await linking.begin(caller, cookie.read(headers.cookie));
      return new Answer(
        { url: begun.url, expiresAt: begun.expiresAt.toISOString() },
        { headers: { 'Set-Cookie': cookie.set(begun.browser, ATTEMPT_MS / 1_000) } },
      );
    },
    async finishSpotifyLink({ query, headers }) {
      if (!linking) return leadOn('not_set_up');
      try {
        return leadOn(await linking.finish({ ...query, browser: cookie.read(headers.cookie) }));
      } catch (error) {
        log.error({ err: error }, 'Spotify was not linked');
        return leadOn(outcomeOf(error));
      }
    },
    async spotifyLink({ caller }) {
      const [link, taste] = await Promise.all([
        findLink(database, caller.id),
        findTaste(database, caller.id),
      ]);
      return {
        available: setup !== undefined,
        state: link?.state ?? 'none',
        account: link
          ? {
              spotifyId: link.spotifyId,
              displayName: link.displayName,
              problem: link.problem,
              linkedAt: link.linkedAt.toISOString(),
              syncedAt: link.syncedAt?.toISOString() ?? null,
            }
          : null,
        taste: taste ? { ...taste, fetchedAt: taste.fetchedAt.toISOString() } : null,
      };
    },
    async syncSpotify({ caller, headers }) {
      if (!setup) throw new SpotifyLinkingNotConfigured();
      const link = await findLink(database, caller.id);
      if (!link) throw new SpotifyNotLinked();
      if (link.state === 'broken') throw new SpotifyLinkBroken();
      const asked = await countedOnce({
        ...{ database, throttle, charges: spotifySyncCharges(caller.id), answer: z.literal(true) },
        claim: {
          ...{ owner: `user:${caller.id}`, operation: 'syncSpotify', request: {} },
          key: headers['idempotency-key'],
        },
        async work(queries) {
          await askForSync(queries, caller.id, new Date(now()));
          return true as const;
        },
      });
      return new Answer({ detail: ASKED }, { headers: replayedHeader(asked.replayed) });
    },
    unlinkSpotify: ({ caller }) => unlink(database, caller.id, new Date(now())),
  };
};
