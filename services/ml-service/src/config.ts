import { type ConfigOf, Setting } from '@whatsthecraic/platform/config';
import { databaseSettings, serverSettings, tokenSettings } from '@whatsthecraic/platform/settings';
import { z } from 'zod';

/** Where models lie. */
export const modelSettings = {
  folder: new Setting('MODEL_DIR', z.string().startsWith('/').default('/var/lib/models'), {
    expected: 'the path of a folder that outlives the process',
    example: '/var/lib/models',
  }),
};

const server = serverSettings(4004);

/** What the command that trains reads. */
export const trainingSettings = {
  database: databaseSettings,
  models: modelSettings,
  commit: server.commit,
};

export const settings = {
  ...server,
  database: databaseSettings,
  tokens: tokenSettings,
  models: modelSettings,
};

export type Config = ConfigOf<typeof settings>;
