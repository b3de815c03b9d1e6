import { appendFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BuildRequest, ImageBuilder } from '../../ci/src/images/image-builder.ts';
import { buildSecrets, type PackageSettings, readPackageSettings } from './build-secrets.ts';
import type { Buildah } from './buildah.ts';
import { createLimit } from './limit.ts';

export interface BuildahBuilderOptions {
  /** Takes what the builds print. */
  readonly logFile: string;
  /** How many images are built at a time. */
  readonly parallel?: number;
}

/** An image could not be built or pushed; the message ends with the last lines of the output. */
export class BuildFailed extends Error {
  override readonly name = 'BuildFailed';
  readonly code = 'BUILD_FAILED';
}

/** Builds `services/Dockerfile` without a daemon and pushes to whatever registry is asked for. */
export function createBuildahBuilder(
  buildah: Buildah,
  { logFile, parallel = 2 }: BuildahBuilderOptions,
): ImageBuilder {
  const limit = createLimit(parallel);
  let settings: Promise<PackageSettings> | undefined;
  let first: Promise<unknown> | undefined;

  return {
    publish: async (request) => {
      settings ??= readPackageSettings();
      const known = await settings;
      const work = () =>
        inFolder((folder) => buildAndPush({ buildah, logFile, request, folder, settings: known }));
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

interface Build {
  readonly buildah: Buildah;
  readonly logFile: string;
  readonly request: BuildRequest;
  /** Private to this build. */
  readonly folder: string;
  readonly settings: PackageSettings;
}

async function buildAndPush(work: Build): Promise<{ digest: string }> {
  const { request, folder } = work;
  const authFile = await writeAuthFile(folder, request);
  const id = await label(work, await build(work, authFile));
  // Compressing node's program six times takes longer than all the rest, and nobody downloads it.
  const compression = request.plainHttp ? ['--disable-compression'] : [];
  const digestFile = join(folder, 'digest');
  const options = ['--quiet', ...compression, ...transport(request), '--digestfile', digestFile];
  const name = `docker://${request.repository}:${request.tag}`;
  await logged(work, ['push', ...options, ...authFile, id, name]);
  return { digest: (await readFile(digestFile, 'utf8')).trim() };
}

/** Builds the image; gives back its id. */
async function build(work: Build, authFile: readonly string[]): Promise<string> {
  const { request, folder, settings } = work;
  const [platform, ...others] = request.platforms;
  if (platform === undefined || others.length > 0) {
    throw new BuildFailed(
      `${request.service}: buildah builds for one platform at a time, got ${request.platforms.join(', ') || 'none'}`,
    );
  }
  const buildArgs = { BUILDPLATFORM: platform, ...request.buildArgs };
  const dockerfile = join(request.sourceFolder, 'services/Dockerfile');
  const idFile = join(folder, 'id');
  await logged(work, [
    ...['bud', '--layers', '--pull=false', '--identity-label=false', '--platform', platform],
    ...transport(request),
    ...(await buildSecrets(settings, folder)),
    ...Object.entries(buildArgs).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]),
    ...[...authFile, '--iidfile', idFile],
    ...['--ignorefile', `${dockerfile}.dockerignore`, '--file', dockerfile],
    request.sourceFolder,
  ]);
  return (await readFile(idFile, 'utf8')).trim();
}

/** What the image says of itself. */
const identity = ['SOURCE_DIGEST', 'GIT_COMMIT'] as const;

/**
 * Labels the image all at once: as options of the build each would be a layer of its own. Buildah's
 * cache knows `ENV X=${ARG}` by its text alone and would hand out another build's identity where
 * nothing else has changed, so that is set here too.
 */
async function label(work: Build, id: string): Promise<string> {
  const { labels: wanted, buildArgs } = work.request;
  const labels = [
    ...Object.entries(wanted).flatMap(([key, text]) => ['--label', `${key}=${text}`]),
    ...identity.flatMap((name) => ['--env', `${name}=${buildArgs[name] ?? ''}`]),
  ];
  const container = (await logged(work, ['from', '--pull=never', id])).trim();
  await logged(work, ['config', ...labels, container]);
  const commit = ['commit', '--rm', '--quiet', '--identity-label=false', container];
  return (await logged(work, commit)).trim();
}

const transport = ({ plainHttp }: BuildRequest) => (plainHttp ? ['--tls-verify=false'] : []);

async function logged(
  { buildah, logFile, request: { service, signal } }: Build,
  args: readonly string[],
): Promise<string> {
  const lines: string[] = [];
  const onLine = (line: string) => void lines.push(line);
  try {
    return await buildah(args, { onLine, ...(signal ? { signal } : {}) });
  } catch (cause) {
    const tail = lines.filter((line) => line.trim() !== '').slice(-20);
    throw new BuildFailed(
      `buildah ${args[0]} of ${service} failed; the whole output is in ${logFile}\n${tail.join('\n')}`,
      { cause },
    );
  } finally {
    await mkdir(dirname(logFile), { recursive: true });
    await appendFile(logFile, lines.map((line) => `${service}: ${line}\n`).join(''));
  }
}

/** https://github.com/containers/image/blob/v5.23.1/docs/containers-auth.json.5.md */
async function writeAuthFile(folder: string, request: BuildRequest): Promise<string[]> {
  if (!request.credentials) return [];
  const { user, password } = request.credentials;
  const host = request.repository.split('/')[0] ?? '';
  const auth = Buffer.from(`${user}:${password}`, 'utf8').toString('base64');
  const file = join(folder, 'auth.json');
  await writeFile(file, JSON.stringify({ auths: { [host]: { auth } } }), { mode: 0o600 });
  return ['--authfile', file];
}

async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'image-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
