import { type ConfigOf, Setting } from '@whatsthecraic/platform/config';
import { databaseSettings, serverSettings, tokenSettings } from '@whatsthecraic/platform/settings';
import { z } from 'zod';

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

export const settings = {
  ...serverSettings(4003),
  database: databaseSettings,
  tokens: tokenSettings,
  sourcesUrl,
};

export type Config = ConfigOf<typeof settings>;
