import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** About a hundred edits of one service; each leaves some ten images and hardly a megabyte. */
const mostImages = 1_000;

/**
 * Empties a storage that holds too many images, unless a buildah works in it: looking a layer up takes
 * longer with each image, and a cold build takes a minute.
 */
export async function emptyWhenFull(folder: string, most = mostImages): Promise<boolean> {
  const file = join(folder, 'storage/overlay-images/images.json');
  const text = await readFile(file, 'utf8').catch(() => '[]');
  const images = JSON.parse(text) as readonly unknown[];
  if (images.length <= most || (await isInUse(join(folder, 'storage')))) return false;
  for (const path of ['storage', 'run']) await rm(join(folder, path), { recursive: true });
  return true;
}

async function isInUse(root: string): Promise<boolean> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(
    processes.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.some((line) => line.split('\0').includes(root));
}
