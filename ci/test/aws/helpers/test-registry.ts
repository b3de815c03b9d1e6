import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';

export interface TestRegistry {
  readonly url: string;
  /** Uploads the blobs of a small image; gives back its manifest, which is not stored yet. */
  image(
    repository: string,
    content: string,
    headers?: Readonly<Record<string, string>>,
  ): Promise<TestImage>;
}

export interface TestImage {
  readonly manifest: string;
  readonly mediaType: string;
  readonly digest: string;
  /** Of configuration and layers. */
  readonly bytes: number;
}

const startLimitMs = 15_000;

/** The one user of a registry that does not take everybody; the hash is htpasswd's, of bcrypt. */
export interface RegistryUser {
  readonly user: string;
  readonly password: string;
  readonly hash: string;
}

/** A docker-registry of the test's own on a free port. */
export async function testRegistry(
  t: ExecutionContext,
  only?: RegistryUser,
): Promise<TestRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'test-registry-'));
  const file = join(folder, 'config.json');
  const config = {
    version: '0.1',
    storage: { filesystem: { rootdirectory: join(folder, 'data') } },
    http: { addr: '127.0.0.1:0' },
    ...(only ? { auth: { htpasswd: { realm: 'test', path: join(folder, 'htpasswd') } } } : {}),
  };
  if (only) await writeFile(join(folder, 'htpasswd'), `${only.user}:${only.hash}\n`);
  await writeFile(file, JSON.stringify(config));
  const child = spawn('docker-registry', ['serve', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  t.teardown(async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    if (child.exitCode === null && child.kill('SIGKILL')) await gone;
    await rm(folder, { recursive: true, force: true });
  });
  const url = await new Promise<string>((resolve, reject) => {
    let log = '';
    const timer = setTimeout(
      () => reject(new Error(`docker-registry does not listen: ${log}`)),
      startLimitMs,
    );
    child.once('error', reject);
    child.stderr.on('data', (data: Buffer) => {
      log += data.toString();
      const address = /listening on (127\.0\.0\.1:\d+)/.exec(log)?.[1];
      if (!address) return;
      clearTimeout(timer);
      resolve(`http://${address}`);
    });
  });
  return {
    url,
    image: (repository, content, headers) => uploadImage(url, repository, content, headers),
  };
}

async function uploadImage(
  url: string,
  repository: string,
  content: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<TestImage> {
  const config = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    rootfs: { type: 'layers', diff_ids: [] },
  });
  for (const blob of [config, content]) {
    const started = await fetch(`${url}/v2/${repository}/blobs/uploads/`, {
      method: 'POST',
      headers,
    });
    const place = new URL(started.headers.get('location') ?? '', url);
    place.searchParams.set('digest', digest(blob));
    const stored = await fetch(place, { method: 'PUT', headers, body: blob });
    if (stored.status !== 201) throw new Error(`blob: ${stored.status} ${await stored.text()}`);
  }
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const describe = (type: string, blob: string) => ({
    mediaType: type,
    digest: digest(blob),
    size: blob.length,
  });
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType,
    config: describe('application/vnd.oci.image.config.v1+json', config),
    layers: [describe('application/vnd.oci.image.layer.v1.tar', content)],
  });
  return { manifest, mediaType, digest: digest(manifest), bytes: config.length + content.length };
}

export const digest = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;
