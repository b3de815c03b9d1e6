import { Answer, type Handlers } from '@whatsthecraic/platform/route';
import { SpotifyNotConfigured } from '@whatsthecraic/platform/spotify/errors';
import { artistSearch } from './artists.ts';
import type { SpotifyClient } from './client.ts';
import type { spotifyContract } from './contract.ts';

/** Below the gateway's own deadline of 8 s, and as long as somebody looks at a page that loads. */
const LONGEST_WAIT_MS = 3_000;

const nothing = {
  size: 0,
  validEntries: 0,
  expiredEntries: 0,
  queueLength: 0,
  isProcessing: false,
};

export const createSpotifyHandlers = (
  client: SpotifyClient | undefined,
): Handlers<typeof spotifyContract> => ({
  async searchSpotify({ query }) {
    if (!client) throw new SpotifyNotConfigured();
    const { value, isStale } = await client.get(artistSearch(query.q), {
      deadlineMs: LONGEST_WAIT_MS,
    });
    const body = { artists: value, stale: isStale };
    return isStale ? new Answer(body, { headers: { 'Cache-Control': 'no-store' } }) : body;
  },
  readSpotifyCache: () => client?.stats() ?? nothing,
});
