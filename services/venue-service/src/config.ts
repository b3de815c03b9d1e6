import type { ConfigOf } from '@whatsthecraic/platform/config';
import {
  databaseSettings,
  serverSettings,
  tokenSettings,
  urlSetting,
} from '@whatsthecraic/platform/settings';

export const settings = {
  ...serverSettings(4001),
  database: databaseSettings,
  tokens: tokenSettings,
  djServiceUrl: urlSetting('DJ_SERVICE_URL', 'http://dj-service:4002'),
};

export type Config = ConfigOf<typeof settings>;
