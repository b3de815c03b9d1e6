import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A short digest over every file of a folder, by path and content, and over what else it depends on. */
export async function digestOfFiles(folder: string, others: unknown): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(others));
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = files
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
    .sort();
  for (const path of paths) {
    hash
      .update(path.slice(folder.length))
      .update('\0')
      .update(await readFile(path));
  }
  return hash.digest('hex').slice(0, 16);
}
