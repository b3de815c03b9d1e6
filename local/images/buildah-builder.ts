import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BuildRequest, ImageBuilder } from '../../ci/src/images/image-builder.ts';
import type { LocalBaseImages } from './base-images.ts';
import type { Build } from './build.ts';
import { type PackageSettings, readPackageSettings } from './build-secrets.ts';
import { buildVariant } from './build-variant.ts';
import type { Buildah } from './buildah.ts';
import { createLimit } from './limit.ts';
import { push } from './push.ts';

export interface BuildahBuilderOptions {
  readonly bases: LocalBaseImages;
  /** Takes what the builds print. */
  readonly logFile: string;
  /** How many images are built at a time. */
  readonly parallel?: number;
}

/** Builds `services/Dockerfile` without a daemon and pushes to whatever registry is asked for. */
export function createBuildahBuilder(
  buildah: Buildah,
  { bases, logFile, parallel = 2 }: BuildahBuilderOptions,
): ImageBuilder {
  const limit = createLimit(parallel);
  let settings: Promise<PackageSettings> | undefined;
  let first: Promise<unknown> | undefined;

  return {
    publish: async (request) => {
      settings ??= readPackageSettings();
      const known = await settings;
      const work = () =>
        inFolder(async (folder) => {
          const access = await accessTo(request, folder);
          return publish({ buildah, bases, logFile, request, folder, access, settings: known });
        });
      if (first === undefined) {
        // It leaves behind the stages that all services share; side by side each would build them.
        const result = limit(work);
        first = result.catch(() => undefined);
        return result;
      }
      await first;
      return limit(work);
    },
  };
}

async function publish(work: Build): Promise<{ digest: string }> {
  const ids: string[] = [];
  // One after the other: the second finds the first one's stages.
  for (const platform of work.request.platforms) ids.push(await buildVariant(work, platform));
  return { digest: await push(work, ids) };
}

/** https://github.com/containers/image/blob/v5.23.1/docs/containers-auth.json.5.md */
async function accessTo(request: BuildRequest, folder: string): Promise<readonly string[]> {
  const transport = request.plainHttp ? ['--tls-verify=false'] : [];
  if (!request.credentials) return transport;
  const { user, password } = request.credentials;
  const host = request.repository.split('/')[0] ?? '';
  const auth = Buffer.from(`${user}:${password}`, 'utf8').toString('base64');
  const file = join(folder, 'auth.json');
  await writeFile(file, JSON.stringify({ auths: { [host]: { auth } } }), { mode: 0o600 });
  return [...transport, '--authfile', file];
}

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'image-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
