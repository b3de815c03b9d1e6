import type { ConfigOf } from '@whatsthecraic/platform/config';
import {
  databaseSettings,
  serverSettings,
  tokenSettings,
  urlSetting,
} from '@whatsthecraic/platform/settings';
import { sourcesUrl, spotifySettings } from '@whatsthecraic/platform/spotify/settings';
import { sourceSettings } from './sources/settings.ts';

const server = serverSettings(4003);

/** What the command that ingests reads. */
export const ingestionSettings = {
  logLevel: server.logLevel,
  database: databaseSettings,
  sources: sourceSettings,
  sourcesUrl,
};

/** What the command for alerts reads. */
export const alertSettings = { logLevel: server.logLevel, database: databaseSettings };

export const settings = {
  ...server,
  database: databaseSettings,
  tokens: tokenSettings,
  mlServiceUrl: urlSetting('ML_SERVICE_URL', 'http://ml-service:4004'),
  sourcesUrl,
  spotify: spotifySettings,
};

export type Config = ConfigOf<typeof settings>;
