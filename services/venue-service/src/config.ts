import type { ConfigOf } from '@whatsthecraic/platform/config';
import { databaseSettings, serverSettings, tokenSettings } from '@whatsthecraic/platform/settings';

export const settings = {
  ...serverSettings(4001),
  database: databaseSettings,
  tokens: tokenSettings,
};

export type Config = ConfigOf<typeof settings>;
