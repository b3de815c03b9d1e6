import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from './exists.ts';
import { withLock } from './lock.ts';

export interface Product {
  /** Where products are kept. */
  readonly tools: string;
  readonly name: string;
  /** Names the inputs: the same ones give the same product. */
  readonly version: string;
  readonly limitMs: number;
  readonly say: (text: string) => void;
  /** Fills an empty folder. */
  readonly make: (folder: string) => Promise<void>;
}

/** Where a product is, once it was made. */
export const folderOf = ({ tools, name, version }: Pick<Product, 'tools' | 'name' | 'version'>) =>
  join(tools, `${name}-${version}`);

/** The product's folder: made by one process at a time, whole or not at all, and then never again. */
export async function makeOnce(product: Product): Promise<string> {
  const { tools, name, limitMs, say, make } = product;
  const done = folderOf(product);
  if (await exists(done)) return done;
  // One name for all versions, so that whatever a killed maker left is found and replaced.
  const unfinished = join(tools, `${name}.tmp`);
  return withLock(
    unfinished,
    async () => {
      if (await exists(done)) return done;
      await rm(unfinished, { recursive: true, force: true });
      await mkdir(unfinished, { recursive: true });
      try {
        await make(unfinished);
        await rename(unfinished, done);
      } finally {
        await rm(unfinished, { recursive: true, force: true });
      }
      return done;
    },
    {
      waitMs: limitMs,
      onWait: () => say(`another process makes ${name}: waiting for it`),
    },
  );
}
