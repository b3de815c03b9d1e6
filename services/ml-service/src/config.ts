import { type ConfigOf, Setting } from '@whatsthecraic/platform/config';
import { Secret } from '@whatsthecraic/platform/secret';
import { databaseSettings, serverSettings, tokenSettings } from '@whatsthecraic/platform/settings';
import { z } from 'zod';

/** What is not there is as good as an empty one. */
const text = z
  .string()
  .transform((it) => it.trim() || null)
  .nullable()
  .default(null);

/** Where models lie: in the folder, or in the bucket when one is set. */
export const modelSettings = {
  folder: new Setting('MODEL_DIR', z.string().startsWith('/').default('/var/lib/models'), {
    expected: 'the path of a folder that outlives the process',
    example: '/var/lib/models',
  }),
  bucket: {
    name: new Setting(
      'MODEL_BUCKET',
      z
        .string()
        .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](\/[\w-]+)*$/)
        .nullable()
        .default(null),
      {
        expected: 'the name of a bucket, and below it folders of this site’s own',
        example: 'whatsthecraic-models/production',
      },
    ),
    region: new Setting('MODEL_BUCKET_REGION', z.string().min(1).default('eu-west-1'), {
      expected: 'the region of the bucket',
      example: 'eu-west-1',
    }),
    endpoint: new Setting(
      'MODEL_BUCKET_ENDPOINT',
      z
        .url({ protocol: /^https?$/ })
        .nullable()
        .default(null),
      {
        expected: 'the URL of a store compatible with S3; Amazon’s own unless set',
        example: 'https://minio.example.com',
      },
    ),
    accessKeyId: new Setting('MODEL_BUCKET_KEY_ID', text, {
      expected: 'the id of a key that may read, write and delete in the bucket',
      example: 'AKIA…',
    }),
    secretAccessKey: new Setting(
      'MODEL_BUCKET_SECRET',
      text.transform((it) => (it === null ? null : new Secret(it))),
      { expected: 'the secret of that key', example: 'wJal…', secret: true },
    ),
  },
};

/** Of a bucket that is set, with all that it takes. */
export interface BucketSettings {
  readonly name: string;
  readonly region: string;
  readonly endpoint: string | null;
  readonly accessKeyId: string;
  readonly secretAccessKey: Secret;
}

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
