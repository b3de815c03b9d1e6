import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ExecutionContext } from 'ava';

/** The repository that this test belongs to. */
export const repository = fileURLToPath(new URL('../../..', import.meta.url));

/** A copy of what images are made of, removed after the test. */
export async function copyOfRepository(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'source-'));
  t.teardown(() => rm(folder, { recursive: true, force: true }));
  const filter = (path: string) => !/\/(?:node_modules|dist)$/.test(path);
  for (const path of ['package.json', 'package-lock.json', 'services']) {
    await cp(join(repository, path), join(folder, path), { recursive: true, filter });
  }
  return folder;
}
