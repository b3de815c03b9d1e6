import { accessSync, constants, globSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/**
 * A kubectl for tests that need no cluster: the one on the PATH, else the one that `make up` has
 * compiled. Throws where there is none: a test that skips itself proves nothing.
 */
export function findKubectl(env: NodeJS.ProcessEnv = process.env): string {
  const cache = join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'whatsthecraic');
  const candidates = [
    ...(env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'kubectl')),
    ...globSync(join(cache, 'tools', 'kubernetes-*', '{kubectl,bin/kubectl}')).toSorted(),
  ];
  const found = candidates.find(isProgram);
  if (found) return found;
  throw new Error('There is no kubectl: run `make up` once, which compiles one, or install it.');
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
