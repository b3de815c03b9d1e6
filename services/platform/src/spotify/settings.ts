import { z } from 'zod';
import { Setting } from '../config.ts';
import { Secret } from '../secret.ts';

/** Where the paid APIs are: their real hosts, or one server that stands in for all of them. */
export const sourcesUrl = new Setting(
  'SOURCES_URL',
  z
    .url({ protocol: /^https?$/ })
    .nullable()
    .default(null),
  {
    expected: 'the URL of a server that stands in for the paid APIs; their own hosts unless set',
    example: 'http://127.0.0.1:4010',
  },
);

/** A key that is not there is as good as an empty one. */
const key = z
  .string()
  .transform((text) => text.trim() || null)
  .nullable()
  .default(null);

/** Both, or Spotify is not asked: https://developer.spotify.com/dashboard */
export const spotifySettings = {
  clientId: new Setting('SPOTIFY_CLIENT_ID', key, {
    expected: 'the client id of an app at https://developer.spotify.com/dashboard',
    example: '4f2b…',
  }),
  clientSecret: new Setting(
    'SPOTIFY_CLIENT_SECRET',
    key.transform((text) => (text === null ? null : new Secret(text))),
    { expected: 'the client secret of that app', example: '9ab0…', secret: true },
  ),
};
