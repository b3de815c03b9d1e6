import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { digestOfFiles } from '../digest-of-files.ts';
import { exists } from '../exists.ts';
import { findGo } from '../go.ts';
import { folderOf, makeOnce } from '../make-once.ts';
import { run } from '../run.ts';
import { writePauseImage } from './pause-image.ts';

const SOURCES = join(import.meta.dirname, 'program');
const COMPONENTS = [
  'coredns',
  'etcd',
  'hostpath-provisioner',
  'kube-apiserver',
  'kube-controller-manager',
  'kube-proxy',
  'kube-scheduler',
  'kubectl',
  'kubelet',
] as const;
const VERSION = { full: 'v1.34.2', major: '1', minor: '34' };
const BUILD_LIMIT_MS = 60 * 60_000;
const PROGRESS_EVERY_MS = 10_000;

const programIn = async (cacheFolder: string) => ({
  tools: join(cacheFolder, 'tools'),
  name: 'kubernetes',
  version: await digestOfFiles(SOURCES, [VERSION, COMPONENTS]),
});

/** Whether Kubernetes was compiled from these sources before. */
export const isBuilt = async (cacheFolder: string): Promise<boolean> =>
  exists(folderOf(await programIn(cacheFolder)));

/**
 * The folder with Kubernetes' programs, compiled when these sources never were before. Any Go that
 * can compile them makes an equal program, so that its version is no part of the folder's name.
 */
export async function buildProgram(
  cacheFolder: string,
  onProgress: (text: string) => void,
): Promise<string> {
  return makeOnce({
    ...(await programIn(cacheFolder)),
    limitMs: BUILD_LIMIT_MS,
    say: onProgress,
    make: (folder) => compile(folder, onProgress),
  });
}

async function compile(folder: string, onProgress: (text: string) => void): Promise<void> {
  const go = await findGo(join(folder, 'go'), onProgress);
  const version = Object.entries({
    gitVersion: VERSION.full,
    gitMajor: VERSION.major,
    gitMinor: VERSION.minor,
  }).map(([key, value]) => `-X k8s.io/component-base/version.${key}=${value}`);
  const build = [go.program, 'build', '-v', '-trimpath', '-buildvcs=false'];
  const flags = ['-ldflags', ['-s -w', ...version].join(' ')];
  let packages = 0;
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1_000);
  onProgress('compiling Kubernetes: once, about 5 minutes on 2 processors');
  const progress = setInterval(() => {
    onProgress(`compiling Kubernetes: ${packages} packages in ${seconds()} s`);
  }, PROGRESS_EVERY_MS);
  const options = { cwd: SOURCES, env: go.env, timeoutMs: BUILD_LIMIT_MS };
  try {
    await run([...build, ...flags, '-o', join(folder, 'kubernetes'), '.'], {
      ...options,
      onLine: (line) => {
        if (!line.startsWith('go: ')) packages += 1;
      },
    });
    await run([...build, '-ldflags', '-s -w', '-o', join(folder, 'pause'), './pause'], options);
  } finally {
    clearInterval(progress);
    await go.removeCaches();
  }
  for (const name of COMPONENTS) await symlink('kubernetes', join(folder, name));
  await writePauseImage(folder);
  onProgress(`compiled Kubernetes in ${seconds()} s`);
}
