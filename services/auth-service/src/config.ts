import type { ConfigOf } from '@whatsthecraic/platform/config';
import {
  databaseSettings,
  serverSettings,
  signingSettings,
} from '@whatsthecraic/platform/settings';
import { mailSettings } from './mail/settings.ts';

export const settings = {
  ...serverSettings(3001),
  database: databaseSettings,
  tokens: signingSettings,
  mail: mailSettings,
};

export type Config = ConfigOf<typeof settings>;
