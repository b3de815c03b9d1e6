import type { ConfigOf } from '@whatsthecraic/platform/config';
import {
  databaseSettings,
  serverSettings,
  signingSettings,
} from '@whatsthecraic/platform/settings';
import { sourcesUrl, spotifySettings } from '@whatsthecraic/platform/spotify/settings';
import { mailSettings } from './mail/settings.ts';
import { tokenKeys } from './spotify/token-keys.ts';

export const settings = {
  ...serverSettings(3001),
  database: databaseSettings,
  tokens: signingSettings,
  mail: mailSettings,
  sourcesUrl,
  spotify: { ...spotifySettings, tokenKeys },
};

export type Config = ConfigOf<typeof settings>;
