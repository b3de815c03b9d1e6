import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exists } from './exists.ts';
import { withoutRunMark } from './own-run.ts';
import { run, tryRun } from './run.ts';

/** A file that each needed Debian package brings, by the package's name. */
export type Needed = Readonly<Record<string, string>>;

/** Packages are missing, and only root may install them. */
export class PackagesMissing extends Error {
  override readonly name = 'PackagesMissing';
  readonly code = 'PACKAGES_MISSING';

  constructor(packages: readonly string[]) {
    const names = packages.join(' ');
    super(
      `Debian packages are missing: ${names}; ` +
        `install them once: sudo apt-get install --no-install-recommends ${names}`,
    );
  }
}

/** Another installation may be at work; apt waits this long for it to end. */
const lockSeconds = 300;

/**
 * What Debian's packages start and restart servers with, by deb-systemd-invoke(1) and
 * invoke-rc.d(8). The variable RUNLEVEL and the like do nothing where systemd runs.
 */
const serviceCommands = ['deb-systemd-invoke', 'invoke-rc.d', 'service'] as const;

/** Installs the Debian packages whose file is not there yet; says nothing when none is missing. */
export async function installPackages(needed: Needed, say: (text: string) => void): Promise<void> {
  const missing: string[] = [];
  for (const [name, file] of Object.entries(needed)) {
    if (!(await exists(file))) missing.push(name);
  }
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) throw new PackagesMissing(missing);

  say(`installing Debian packages: ${missing.join(' ')}`);
  const stubs = await mkdtemp(join(tmpdir(), 'whatsthecraic-'));
  try {
    for (const command of serviceCommands) await writeStub(join(stubs, command));
    // Whatever becomes of this run: packages that are half installed would be the whole machine's harm.
    const env = { ...withoutRunMark(process.env), DEBIAN_FRONTEND: 'noninteractive' };
    const lock = ['-o', `DPkg::Lock::Timeout=${lockSeconds}`];
    await run(['apt-get', 'update', '-qq', ...lock], { env, timeoutMs: 300_000 });
    await run(installCommand(missing, stubs, lock), { env, timeoutMs: 900_000 });
    await disableServices(missing);
  } finally {
    await rm(stubs, { recursive: true, force: true });
  }
}

/**
 * A package must not start a server of its own: ours are private to an instance. The packages'
 * scripts find `stubs` in place of the commands that would; whatever runs already is left alone.
 */
export function installCommand(
  packages: readonly string[],
  stubs: string,
  options: readonly string[] = [],
): string[] {
  return [
    ...['apt-get', 'install', '-qq', '--no-install-recommends', ...options],
    ...['-o', 'Dpkg::Options::=--force-confold'],
    ...['-o', `DPkg::Path=${stubs}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin`],
    ...packages,
  ];
}

/** Nor is one to start at the next boot. */
async function disableServices(packages: readonly string[]): Promise<void> {
  if (!(await exists('/usr/bin/systemctl'))) return;
  const files = await run(['dpkg', '--listfiles', ...packages]);
  const units = [...files.matchAll(/\/systemd\/system\/([^/\n]+\.(?:service|socket|timer))$/gm)];
  const names = units.map((unit) => unit[1] ?? '').filter((name) => !name.includes('@'));
  if (names.length > 0) await tryRun(['systemctl', 'disable', '--quiet', ...names]);
}

async function writeStub(file: string): Promise<void> {
  await writeFile(file, '#!/bin/sh\nexit 0\n');
  await chmod(file, 0o755);
}
