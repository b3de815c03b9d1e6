import { type ConfigOf, Setting } from '@whatsthecraic/platform/config';
import { databaseSettings, serverSettings, tokenSettings } from '@whatsthecraic/platform/settings';
import { z } from 'zod';
import { ECB_URL } from './rates/read-rates.ts';

/** What the command that fetches exchange rates reads. */
export const ratesSettings = {
  database: databaseSettings,
  ratesUrl: new Setting('EXCHANGE_RATES_URL', z.url({ protocol: /^https?$/ }).default(ECB_URL), {
    expected: 'the URL of the daily reference rates in the form of the European Central Bank',
    example: ECB_URL,
  }),
};

export const settings = { ...serverSettings(4002), ...ratesSettings, tokens: tokenSettings };

export type Config = ConfigOf<typeof settings>;
