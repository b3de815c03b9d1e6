import { createSecretKey } from 'node:crypto';
import { Secret } from '../../../platform/src/secret.ts';
import type { Config } from '../../src/config.ts';
import type { TokenKey } from '../../src/spotify/token-keys.ts';

type SpotifySettings = Pick<Config, 'spotify' | 'sourcesUrl'>;

/** A site without an app at Spotify. */
export const noSpotify: SpotifySettings = {
  spotify: { clientId: null, clientSecret: null, tokenKeys: null },
  sourcesUrl: null,
};

/** A key of a test, the same for the same name. */
export const testKey = (id: string): TokenKey => ({
  id,
  key: createSecretKey(Buffer.alloc(32, id)),
});

/** A site with one, whose Spotify is a stand-in. */
export const withSpotify = (
  sourcesUrl: string,
  tokenKeys: readonly TokenKey[] = [testKey('first')],
): SpotifySettings => ({
  spotify: { clientId: 'app-of-a-test', clientSecret: new Secret('its-secret'), tokenKeys },
  sourcesUrl,
});
