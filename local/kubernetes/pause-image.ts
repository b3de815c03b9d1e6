import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../run.ts';

/** Makes `pause.tar`, an image with the program `pause` alone, as `docker save` would write it. */
export async function writePauseImage(folder: string): Promise<void> {
  const parts = join(folder, 'pause-image');
  await mkdir(parts);
  const archive = ['tar', '--sort=name', '--owner=0', '--group=0', '--mtime=@0'];
  const layer = join(parts, 'layer.tar');
  await run([...archive, '-C', folder, '-cf', layer, 'pause']);
  const digest = createHash('sha256')
    .update(await readFile(layer))
    .digest('hex');
  const config = {
    architecture: process.arch === 'x64' ? 'amd64' : process.arch,
    os: 'linux',
    config: { Entrypoint: ['/pause'], User: '65535:65535' },
    rootfs: { type: 'layers', diff_ids: [`sha256:${digest}`] },
  };
  const manifest = [
    { Config: 'config.json', RepoTags: ['whatsthecraic.local/pause:1'], Layers: ['layer.tar'] },
  ];
  await writeFile(join(parts, 'config.json'), JSON.stringify(config));
  await writeFile(join(parts, 'manifest.json'), JSON.stringify(manifest));
  await run([...archive, '-C', parts, '-cf', join(folder, 'pause.tar'), '.']);
  await rm(parts, { recursive: true });
}
