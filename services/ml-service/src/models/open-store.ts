import { ConfigError, type ConfigOf } from '@whatsthecraic/platform/config';
import type { modelSettings } from '../config.ts';
import { createBucketStore } from './bucket-store.ts';
import { createFolderStore } from './folder-store.ts';
import type { ModelStore } from './model-store.ts';

/** The bucket if one is set, else the folder. */
export function openModelStore({ folder, bucket }: ConfigOf<typeof modelSettings>): ModelStore {
  const { name, accessKeyId, secretAccessKey, ...rest } = bucket;
  if (name === null) return createFolderStore(folder);
  if (accessKeyId === null || secretAccessKey === null) {
    const missing = accessKeyId === null ? 'MODEL_BUCKET_KEY_ID' : 'MODEL_BUCKET_SECRET';
    throw new ConfigError([`${missing} is not set; MODEL_BUCKET=${name} needs it`]);
  }
  return createBucketStore({ ...rest, name, accessKeyId, secretAccessKey });
}
