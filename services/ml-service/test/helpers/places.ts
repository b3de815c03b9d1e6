import type { BucketSettings, Config } from '../../src/config.ts';

/** A folder, or a bucket. */
export type Place = string | BucketSettings;

const NO_BUCKET = {
  ...{ name: null, region: 'eu-west-1', endpoint: null },
  ...{ accessKeyId: null, secretAccessKey: null },
};

/** The settings by which models lie there. */
export const modelsIn = (place: Place): Config['models'] =>
  typeof place === 'string'
    ? { folder: place, bucket: NO_BUCKET }
    : { folder: '/nonexistent', bucket: place };
