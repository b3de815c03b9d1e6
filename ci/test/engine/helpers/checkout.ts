import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import { ciFolder } from './sdk.ts';

const root = join(ciFolder, '..');
const parts = ['package.json', 'package-lock.json', 'services', 'k8s'];
const leftOut = /\/(?:node_modules|dist|\.git)$/;

/** The repository as the argument `source` brings it, without what the argument ignores. */
export async function checkout(t: ExecutionContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'checkout-'));
  t.teardown(() => rm(folder, { recursive: true }));
  for (const part of parts) {
    await cp(join(root, part), join(folder, part), {
      recursive: true,
      filter: (path) => !leftOut.test(path),
    });
  }
  return folder;
}

export const sha = '0123456789abcdef0123456789abcdef01234567';

/** What the engine says of a clean checkout of main. */
export const cleanGit = { sha, ref: 'refs/heads/main', clean: true } as const;

const digest = (letter: string): string => `sha256:${letter.repeat(64)}`;

/** Base images by digest, which are asked of no registry. */
export const baseImages = {
  buildImage: `registry.example/build@${digest('a')}`,
  nodeImage: `registry.example/node@${digest('b')}`,
  baseImage: `registry.example/base@${digest('c')}`,
} as const;
