import { type ConfigOf, Setting } from '@whatsthecraic/platform/config';
import { databaseSettings, serverSettings, tokenSettings } from '@whatsthecraic/platform/settings';
import { z } from 'zod';
import { sourceSettings } from './sources/settings.ts';

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

const server = serverSettings(4003);

/** What the command that ingests reads. */
export const ingestionSettings = {
  logLevel: server.logLevel,
  database: databaseSettings,
  sources: sourceSettings,
  sourcesUrl,
};

export const settings = {
  ...server,
  database: databaseSettings,
  tokens: tokenSettings,
  sourcesUrl,
};

export type Config = ConfigOf<typeof settings>;
