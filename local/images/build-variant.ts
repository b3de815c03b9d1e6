import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Build, logged } from './build.ts';
import { buildSecrets } from './build-secrets.ts';
import { ownPlatform } from './own-platform.ts';

/** Builds the image for one platform and labels it; gives back its id. */
export async function buildVariant(work: Build, platform: string): Promise<string> {
  return label(work, await build(work, platform));
}

async function build(work: Build, platform: string): Promise<string> {
  const { request, folder, settings, bases } = work;
  // What runs, runs on this machine's own platform, and once for all the others.
  const buildArgs = { BUILDPLATFORM: ownPlatform(), ...request.buildArgs };
  const dockerfile = join(request.sourceFolder, 'services/Dockerfile');
  const idFile = join(folder, 'id');
  await logged(work, [
    ...['bud', '--layers', '--pull=false', '--identity-label=false', '--platform', platform],
    ...(await buildSecrets(settings, folder)),
    ...Object.entries(buildArgs).flatMap(([name, value]) => [
      '--build-arg',
      `${name}=${bases.idOf(value, platform) ?? value}`,
    ]),
    ...[...work.access, '--iidfile', idFile],
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
  const container = await logged(work, ['from', '--pull=never', id]);
  await logged(work, ['config', ...labels, container]);
  return logged(work, ['commit', '--rm', '--quiet', '--identity-label=false', container]);
}
