import { cp, mkdir, mkdtemp, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../../local/run.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** A checkout of its own with the present content, to be edited by a test; gives back its folder. */
export async function copyRepository(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'repository-'));
  const listed = await run(
    ['git', 'ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    {
      cwd: root,
    },
  );
  for (const path of listed.split('\0').filter(Boolean)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    // A file that was just deleted is still on git's list.
    await cp(join(root, path), join(folder, path)).catch(() => undefined);
  }
  await linkPackages(folder);
  await git(folder, 'init', '--quiet', '--initial-branch=main');
  await commit(folder, 'Copy');
  return folder;
}

/** What is installed is shared; the workspace's own packages are the copy's. */
async function linkPackages(folder: string): Promise<void> {
  const own = join('node_modules', '@whatsthecraic');
  await mkdir(join(folder, own), { recursive: true });
  for (const name of await readdir(join(root, 'node_modules'))) {
    if (name === '@whatsthecraic') continue;
    await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name));
  }
  for (const name of await readdir(join(root, own))) {
    await symlink(join(folder, 'services', name), join(folder, own, name));
  }
}

/** Commits everything below the folder. */
export async function commit(folder: string, message: string): Promise<void> {
  await git(folder, 'add', '--all');
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@example.org'];
  await git(folder, ...identity, 'commit', '--quiet', '--message', message);
}

/** Puts text at the beginning of a file. */
export async function prepend(
  folder: string,
  path: string,
  text: string,
): Promise<() => Promise<void>> {
  const file = join(folder, path);
  const before = await readFile(file, 'utf8');
  await writeFile(file, text + before);
  return () => writeFile(file, before);
}

const git = (folder: string, ...args: string[]) => run(['git', ...args], { cwd: folder });
