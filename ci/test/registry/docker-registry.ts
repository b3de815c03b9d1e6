import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ExecutionContext } from 'ava';

export interface TestRegistry {
  /** `127.0.0.1:<port>` */
  readonly host: string;
  readonly origin: string;
}

export const user = 'robot';
export const password = 'U*U';
// bcrypt's published test vector for that password.
const htpasswd = `${user}:$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW\n`;

/** Debian's docker-registry on a free port with storage of its own, gone after the test. */
export async function startRegistry(
  t: ExecutionContext,
  options: { readonly auth?: 'htpasswd' } = {},
): Promise<TestRegistry> {
  const folder = await mkdtemp(join(tmpdir(), 'registry-'));
  const host = `127.0.0.1:${await freePort()}`;
  const auth = `auth: {htpasswd: {realm: test, path: ${folder}/htpasswd}}\n`;
  await writeFile(join(folder, 'htpasswd'), htpasswd);
  await writeFile(
    join(folder, 'config.yml'),
    `version: 0.1
log: {level: error}
storage: {filesystem: {rootdirectory: ${folder}/data}}
http: {addr: "${host}"}
${options.auth ? auth : ''}`,
  );
  const child = spawn('docker-registry', ['serve', join(folder, 'config.yml')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  let failure: Error | undefined;
  child.once('error', (error) => {
    failure = new Error(`docker-registry (Debian package docker-registry): ${error.message}`);
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
    child.once('error', () => resolve());
  });
  t.teardown(async () => {
    child.kill('SIGKILL');
    await ended;
    await rm(folder, { recursive: true, force: true });
  });
  const origin = `http://${host}`;
  const deadline = Date.now() + 20_000;
  while (!(await fetch(`${origin}/v2/`).catch(() => undefined))) {
    if (failure) throw failure;
    if (child.exitCode !== null || Date.now() > deadline) {
      throw new Error(`docker-registry did not start\n${output}`);
    }
    await sleep(50);
  }
  return { host, origin };
}

const ociManifest = 'application/vnd.oci.image.manifest.v1+json';
const digestOf = (text: string) => `sha256:${createHash('sha256').update(text).digest('hex')}`;

/** Pushes an image of one empty configuration; gives back its digest. */
export async function pushImage(
  origin: string,
  repository: string,
  tag: string,
  options: { readonly comment?: string; readonly authorization?: string } = {},
): Promise<string> {
  const headers = options.authorization ? { authorization: options.authorization } : {};
  const config = JSON.stringify({
    architecture: 'amd64',
    os: 'linux',
    comment: options.comment ?? '',
    rootfs: { type: 'layers', diff_ids: [] },
  });
  const base = `${origin}/v2/${repository}`;
  const started = await fetch(`${base}/blobs/uploads/`, { method: 'POST', headers });
  const upload = new URL(started.headers.get('location') ?? '', origin);
  upload.searchParams.set('digest', digestOf(config));
  await accepted(await fetch(upload, { method: 'PUT', headers, body: config }));
  const manifest = JSON.stringify({
    schemaVersion: 2,
    mediaType: ociManifest,
    config: {
      mediaType: 'application/vnd.oci.image.config.v1+json',
      digest: digestOf(config),
      size: config.length,
    },
    layers: [],
  });
  await putManifest(origin, repository, tag, manifest, ociManifest, headers);
  return digestOf(manifest);
}

/** Pushes an index with one image in it; gives back the index's digest. */
export async function pushIndex(origin: string, repository: string, tag: string): Promise<string> {
  const digest = await pushImage(origin, repository, 'one');
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  const size = Number(
    (
      await fetch(`${origin}/v2/${repository}/manifests/${digest}`, {
        method: 'HEAD',
        headers: { accept: ociManifest },
      })
    ).headers.get('content-length'),
  );
  const platform = { os: 'linux', architecture: 'amd64' };
  const manifests = [{ mediaType: ociManifest, digest, size, platform }];
  const index = JSON.stringify({ schemaVersion: 2, mediaType, manifests });
  await putManifest(origin, repository, tag, index, mediaType, {});
  return digestOf(index);
}

async function putManifest(
  origin: string,
  repository: string,
  tag: string,
  body: string,
  type: string,
  headers: Record<string, string>,
): Promise<void> {
  const url = `${origin}/v2/${repository}/manifests/${tag}`;
  const init = { method: 'PUT', headers: { ...headers, 'content-type': type }, body };
  await accepted(await fetch(url, init));
}

async function accepted(response: Response): Promise<void> {
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address ? address.port : 0;
}
