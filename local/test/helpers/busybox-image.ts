import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { unpackDebianPackages } from '../../images/debian-packages.ts';
import { run } from '../../run.ts';

/** Pushes an image of Debian's busybox with the registry's own API; gives back its name. */
export async function pushBusybox(registry: string, folder: string): Promise<string> {
  const root = join(folder, 'root');
  await unpackDebianPackages(['busybox', 'libc6'], join(folder, 'downloads'), root);
  await mkdir(join(root, 'www'), { recursive: true });
  const layerFile = join(folder, 'layer.tar');
  await run([
    'tar',
    '--owner=0',
    '--group=0',
    '-C',
    root,
    '--exclude=./usr',
    '-cf',
    layerFile,
    '.',
  ]);
  const layer = await readFile(layerFile);
  const config = Buffer.from(
    JSON.stringify({
      architecture: process.arch === 'x64' ? 'amd64' : process.arch,
      os: 'linux',
      config: { Entrypoint: ['/bin/busybox'] },
      rootfs: { type: 'layers', diff_ids: [digestOf(layer)] },
    }),
  );
  const repository = `http://${registry}/v2/whatsthecraic/busybox`;
  const compressed = gzipSync(layer, { level: 1 });
  for (const blob of [config, compressed]) await pushBlob(repository, blob);
  const type = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: type,
      config: describe(config, 'application/vnd.oci.image.config.v1+json'),
      layers: [describe(compressed, 'application/vnd.oci.image.layer.v1.tar+gzip')],
    }),
  );
  await expectStatus(201, `${repository}/manifests/test`, {
    method: 'PUT',
    headers: { 'content-type': type },
    body: manifest,
  });
  return `${registry}/whatsthecraic/busybox@${digestOf(manifest)}`;
}

const digestOf = (bytes: Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

const describe = (bytes: Buffer, mediaType: string) => ({
  mediaType,
  size: bytes.length,
  digest: digestOf(bytes),
});

async function pushBlob(repository: string, blob: Buffer): Promise<void> {
  const begun = await expectStatus(202, `${repository}/blobs/uploads/`, { method: 'POST' });
  const target = new URL(begun.headers.get('location') ?? '', repository);
  target.searchParams.set('digest', digestOf(blob));
  await expectStatus(201, target, {
    method: 'PUT',
    headers: { 'content-type': 'application/octet-stream' },
    body: new Uint8Array(blob),
  });
}

async function expectStatus(
  status: number,
  url: string | URL,
  init: RequestInit,
): Promise<Response> {
  const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(30_000) });
  if (answer.status !== status) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
  return answer;
}
