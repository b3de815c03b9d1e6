import type { ConfigOf } from '@whatsthecraic/platform/config';
import { databaseSettings, serverSettings } from '@whatsthecraic/platform/settings';

export const settings = { ...serverSettings(4002), database: databaseSettings };

export type Config = ConfigOf<typeof settings>;
