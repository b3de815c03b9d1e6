import { type FSWatcher, watch } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

interface Watched {
  readonly inode: number;
  readonly watcher: FSWatcher;
}

/** Editors save in several steps. */
const quietMs = 60;

/**
 * Tells of changes below folders. Each folder is watched by itself, which sees a file that an editor
 * replaces by renaming another: `node --watch` watches files, and after such a save sees no more.
 */
export class FolderWatch {
  readonly #roots: readonly string[];
  readonly #onChange: () => void;
  readonly #watched = new Map<string, Watched>();
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(roots: readonly string[], onChange: () => void) {
    this.#roots = roots;
    this.#onChange = onChange;
  }

  /** From here on every change is told, some of them together. */
  async start(): Promise<void> {
    await this.#scan();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const folder of this.#watched.keys()) this.#forget(folder);
  }

  async #scan(): Promise<void> {
    const found = new Set((await Promise.all(this.#roots.map(foldersBelow))).flat());
    for (const folder of this.#watched.keys()) if (!found.has(folder)) this.#forget(folder);
    for (const folder of found) {
      const { ino } = await stat(folder).catch(() => ({ ino: 0 }));
      if (ino === 0 || this.#closed || this.#watched.get(folder)?.inode === ino) continue;
      // A folder that was made anew under the same name is another one.
      this.#forget(folder);
      const watcher = watch(folder, () => this.#changed());
      watcher.on('error', () => this.#forget(folder));
      this.#watched.set(folder, { inode: ino, watcher });
    }
  }

  #forget(folder: string): void {
    this.#watched.get(folder)?.watcher.close();
    this.#watched.delete(folder);
  }

  #changed(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#scan().then(() => {
        if (!this.#closed) this.#onChange();
      });
    }, quietMs);
  }
}

async function foldersBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const below = entries.filter((entry) => entry.isDirectory());
  return [
    folder,
    ...(await Promise.all(below.map(({ name }) => foldersBelow(join(folder, name))))).flat(),
  ];
}
