import type { ConfigOf } from '@whatsthecraic/platform/config';
import type { modelSettings } from '../config.ts';
import { createFolderStore } from './folder-store.ts';
import type { ModelStore } from './model-store.ts';

/** The bucket if one is set, else the folder. */
export function openModelStore(config: ConfigOf<typeof modelSettings>): ModelStore {
  return createFolderStore(config.folder);
}
