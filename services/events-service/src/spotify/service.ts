import type { Database } from '@whatsthecraic/platform/database';
import type { Job } from '@whatsthecraic/platform/job';
import type { Log } from '@whatsthecraic/platform/log';
import type { Metrics } from '@whatsthecraic/platform/metrics';
import type { Secret } from '@whatsthecraic/platform/secret';
import { createApiPenalty } from '@whatsthecraic/platform/spotify/api-penalty';
import { hostsOf } from '@whatsthecraic/platform/spotify/hosts';
import { SpotifyClient } from './client.ts';
import { measureSpotify } from './measure.ts';

export interface SpotifySettings {
  readonly spotify: { readonly clientId: string | null; readonly clientSecret: Secret | null };
  readonly sourcesUrl: string | null;
}

/** The client of this process, or none without credentials. */
export function createSpotify(
  { spotify: { clientId, clientSecret }, sourcesUrl }: SpotifySettings,
  database: Database,
  log: Log,
  metrics: Metrics,
): SpotifyClient | undefined {
  if (clientId === null || clientSecret === null) return undefined;
  const { onCall, watch } = measureSpotify(metrics);
  const client = new SpotifyClient({
    hosts: hostsOf(sourcesUrl),
    credentials: { clientId, clientSecret },
    penalty: createApiPenalty(database, 'spotify'),
    log,
    onCall,
  });
  watch(client);
  return client;
}

export const sweepJob = (client: () => SpotifyClient | undefined): Job => ({
  name: 'old answers of Spotify',
  everyMs: 600_000,
  run: async () => client()?.sweep(),
});
