import { access } from 'node:fs/promises';
import { run } from './run.ts';

/** A file that each needed Debian package brings, by the package's name. */
export type Needed = Readonly<Record<string, string>>;

/** Installs the Debian packages whose file is not there yet; says nothing when none is missing. */
export async function installPackages(needed: Needed, say: (text: string) => void): Promise<void> {
  const missing: string[] = [];
  for (const [name, file] of Object.entries(needed)) {
    const there = await access(file).then(
      () => true,
      () => false,
    );
    if (!there) missing.push(name);
  }
  if (missing.length === 0) return;

  say(`installing Debian packages: ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const install = [
    'apt-get',
    'install',
    '-qq',
    '--no-install-recommends',
    // A package must not start servers of its own: ours are private to an instance.
    '-o',
    'Dpkg::Options::=--force-confold',
    ...missing,
  ];
  const withoutServices = ['env', 'RUNLEVEL=1', ...install];
  await run(['apt-get', 'update', '-qq'], { env, timeoutMs: 300_000 });
  await run(withoutServices, { env, timeoutMs: 900_000 });
}
