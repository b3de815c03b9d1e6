import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '../exists.ts';
import { withLock } from '../lock.ts';
import { run } from '../run.ts';
import { findGo } from './go.ts';
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
const BUILD_LIMIT_MS = 30 * 60_000;
const PROGRESS_EVERY_MS = 10_000;

/**
 * The folder with Kubernetes' programs, compiled when these sources never were before. Any Go that
 * can compile them makes an equal program, so that its version is no part of the folder's name.
 */
export async function buildProgram(
  cacheFolder: string,
  onProgress: (text: string) => void,
): Promise<string> {
  const tools = join(cacheFolder, 'tools');
  const done = join(tools, `kubernetes-${await digestOfSources()}`);
  if (await exists(done)) return done;
  const waiting = {
    waitMs: BUILD_LIMIT_MS,
    onWait: () => onProgress('another process compiles Kubernetes: waiting for it'),
  };
  // One name for all versions, so that whatever a killed builder left is found and replaced.
  const unfinished = join(tools, 'kubernetes.tmp');
  return withLock(
    unfinished,
    async () => {
      if (await exists(done)) return done;
      await rm(unfinished, { recursive: true, force: true });
      await mkdir(unfinished, { recursive: true });
      try {
        await compile(unfinished, onProgress);
        await rename(unfinished, done);
      } finally {
        await rm(unfinished, { recursive: true, force: true });
      }
      return done;
    },
    waiting,
  );
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

async function digestOfSources(): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([VERSION, COMPONENTS]));
  const files = await readdir(SOURCES, { recursive: true, withFileTypes: true });
  const paths = files
    .filter((file) => file.isFile())
    .map((file) => join(file.parentPath, file.name))
    .sort();
  for (const path of paths) {
    hash
      .update(path.slice(SOURCES.length))
      .update('\0')
      .update(await readFile(path));
  }
  return hash.digest('hex').slice(0, 16);
}
