import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileName, type ModelStore } from './model-store.ts';

const PART = '.part';

/** Models as files of a folder, on a volume that outlives the pods. */
export function createFolderStore(folder: string): ModelStore {
  const pathOf = (name: string) => join(folder, fileName(name));
  return {
    place: folder,
    async put(name, file) {
      await mkdir(folder, { recursive: true });
      await sweep(folder);
      const part = join(folder, `${randomBytes(6).toString('hex')}${PART}`);
      try {
        const handle = await open(part, 'wx', 0o644);
        try {
          await handle.writeFile(file);
          // The name may only ever lead to bytes that are on the disk.
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(part, pathOf(name));
      } catch (error) {
        await rm(part, { force: true });
        throw error;
      }
      const directory = await open(folder);
      await directory.sync().finally(() => directory.close());
    },
    async get(name) {
      try {
        return await readFile(pathOf(name));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
        throw error;
      }
    },
    remove: (name) => rm(pathOf(name), { force: true }),
  };
}

/** What a training that was killed has left; only one trains at a time. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.endsWith(PART)) await rm(join(folder, name), { force: true });
  }
}
