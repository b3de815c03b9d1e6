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
  /** Set by Kubernetes in every pod; elsewhere there is no release to wait for. */
  apiHost: new Setting('KUBERNETES_SERVICE_HOST', z.string().nullable().default(null), {
    expected: 'the address of the API server, as Kubernetes sets it',
    example: '10.43.0.1',
  }),
  apiPort: new Setting('KUBERNETES_SERVICE_PORT', z.coerce.number().int().default(443), {
    expected: 'the port of the API server, as Kubernetes sets it',
    example: '443',
  }),
  apiFolder: new Setting(
    'RELEASE_ACCESS_DIR',
    z.string().startsWith('/').default('/var/run/secrets/release'),
    {
      expected: 'the folder where token, ca.crt and namespace are mounted',
      example: '/var/run/secrets/release',
    },
  ),
};

export const settings = {
  ...server,
  database: databaseSettings,
  tokens: tokenSettings,
  models: modelSettings,
};

export type Config = ConfigOf<typeof settings>;
