import type { Database } from '@whatsthecraic/platform/database';
import type { Log } from '@whatsthecraic/platform/log';
import type { Metrics } from '@whatsthecraic/platform/metrics';
import type { Secret } from '@whatsthecraic/platform/secret';
import { createApiPenalty } from '@whatsthecraic/platform/spotify/api-penalty';
import type { Clock } from '@whatsthecraic/platform/spotify/clock';
import { countCalls } from '@whatsthecraic/platform/spotify/count-calls';
import { type Credentials, type Hosts, hostsOf } from '@whatsthecraic/platform/spotify/hosts';
import { Wire } from '@whatsthecraic/platform/spotify/wire';
import { createTokenBox, type TokenBox } from './token-box.ts';
import type { TokenKey } from './token-keys.ts';
import { createSpotifyUsers, type SpotifyUsers } from './users.ts';

export interface SpotifyConfig {
  readonly spotify: {
    readonly clientId: string | null;
    readonly clientSecret: Secret | null;
    readonly tokenKeys: readonly TokenKey[] | null;
  };
  readonly sourcesUrl: string | null;
  readonly mail: { readonly publicUrl: string };
}

/** All that is needed to link accounts of Spotify and to ask in their names. */
export interface SpotifySetup {
  readonly users: SpotifyUsers;
  readonly box: TokenBox;
  readonly hosts: Hosts;
  readonly credentials: Credentials;
  readonly redirectUri: string;
  readonly clock: Clock;
  close(): Promise<void>;
}

/** Where Spotify sends browsers back to; it is named in the app at developer.spotify.com. */
const CALLBACK = '/v1/auth/spotify/callback';

/** `undefined` unless the site has an app at Spotify and a key to keep tokens under. */
export function createSpotifySetup(
  { spotify, sourcesUrl, mail }: SpotifyConfig,
  database: Database,
  log: Log,
  metrics: Metrics,
  now: () => number,
): SpotifySetup | undefined {
  const { clientId, clientSecret, tokenKeys } = spotify;
  const [first, ...others] = tokenKeys ?? [];
  if (clientId === null || clientSecret === null || !first) return undefined;
  const hosts = hostsOf(sourcesUrl);
  const credentials = { clientId, clientSecret };
  const redirectUri = `${mail.publicUrl}${CALLBACK}`;
  const wire = new Wire({
    penalty: createApiPenalty(database, 'spotify'),
    log,
    onCall: countCalls(metrics),
  });
  return {
    ...{ hosts, credentials, redirectUri, clock: wire.clock },
    users: createSpotifyUsers({ hosts, credentials, wire, redirectUri, now }),
    box: createTokenBox([first, ...others]),
    async close() {
      wire.close(new Error('the service stops'));
      await wire.line.drain();
    },
  };
}
