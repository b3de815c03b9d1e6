import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The files that images can be made of, by their path from the repository's root. */
export interface SourceTree {
  readonly folder: string;
  readonly paths: readonly string[];
  readonly has: (path: string) => boolean;
  readonly text: (path: string) => string;
  readonly sha256: (path: string) => string;
}

/** The tree does not hold what it must. */
export class SourceIncomplete extends Error {
  override readonly name = 'SourceIncomplete';
  readonly code = 'SOURCE_INCOMPLETE';
}

const rootFiles = ['package.json', 'package-lock.json'];
const leftOut = new Set(['node_modules', 'dist', 'test', 'bench']);

/** Reads all that can go into an image; tests and installed packages cannot. */
export async function readSourceTree(folder: string): Promise<SourceTree> {
  const paths = [...rootFiles, ...(await filesBelow(folder, 'services'))];
  const contents = await Promise.all(
    paths.map(async (path) => [path, await readFile(join(folder, path))] as const),
  ).catch((error: NodeJS.ErrnoException) => {
    throw new SourceIncomplete(
      `source: cannot read ${error.path ?? 'a file'} (${error.code}); expected the repository's root`,
    );
  });
  return sourceTreeOf(new Map(contents), folder);
}

/** A tree from contents at hand. */
export function sourceTreeOf(
  contents: ReadonlyMap<string, Uint8Array | string>,
  folder = '/',
): SourceTree {
  const hashes = new Map<string, string>();
  const content = (path: string): Uint8Array | string => {
    const found = contents.get(path);
    if (found === undefined) throw new SourceIncomplete(`source: ${path} is missing`);
    return found;
  };
  return {
    folder,
    paths: [...contents.keys()].sort(),
    has: (path) => contents.has(path),
    text: (path) => {
      const found = content(path);
      return typeof found === 'string' ? found : Buffer.from(found).toString('utf8');
    },
    sha256: (path) => {
      const known = hashes.get(path);
      if (known !== undefined) return known;
      const hash = createHash('sha256').update(content(path)).digest('hex');
      hashes.set(path, hash);
      return hash;
    },
  };
}

async function filesBelow(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch(
    (error: NodeJS.ErrnoException) => {
      throw new SourceIncomplete(
        `source: cannot read ${folder} (${error.code}); expected the repository's root`,
      );
    },
  );
  const nested = await Promise.all(
    entries.map((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return leftOut.has(entry.name) ? [] : filesBelow(root, path);
      return entry.isFile() ? [path] : [];
    }),
  );
  return nested.flat();
}
