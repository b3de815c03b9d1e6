import { cp, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { exists } from '../exists.ts';
import { run } from '../run.ts';
import type { Instance } from '../state.ts';
import { bootstrapOptions } from './options.ts';

export const SERVER_PROGRAM = '/usr/sbin/mariadbd';
const SCRIPTS = '/usr/share/mysql';

/**
 * Copies a ready data folder to `target`. It is made once per version of the server, from the
 * package's own scripts and without the help tables and time zones that nobody here asks for.
 */
export async function copyTemplate(instance: Instance, target: string): Promise<void> {
  const version = await run([SERVER_PROGRAM, '--no-defaults', '--version'], { timeoutMs: 10_000 });
  const number = /Ver (\S+)/.exec(version)?.[1] ?? 'unknown';
  const template = join(instance.cacheFolder, `mariadb-${number}`);
  if (!(await exists(template))) await makeTemplate(instance.cacheFolder, template);

  // A copy that was cut off must not look like a data folder.
  const unfinished = `${target}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await cp(template, unfinished, { recursive: true });
  await rename(unfinished, target);
}

async function makeTemplate(cacheFolder: string, template: string): Promise<void> {
  await mkdir(cacheFolder, { recursive: true });
  const folder = await mkdtemp(join(cacheFolder, 'mariadb-new-'));
  try {
    await run([SERVER_PROGRAM, ...bootstrapOptions(folder)], {
      input: await bootstrapStatements(),
      timeoutMs: 60_000,
    });
    await rename(folder, template).catch((error: NodeJS.ErrnoException) => {
      // Somebody else was quicker and made the same.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function bootstrapStatements(): Promise<string> {
  const names = ['system_tables', 'performance_tables', 'system_tables_data'];
  const scripts = await Promise.all(
    names.map((name) => readFile(join(SCRIPTS, `mysql_${name}.sql`), 'utf8')),
  );
  return [
    'CREATE DATABASE mysql;',
    'USE mysql;',
    ...scripts,
    // No administrator over TCP; over the socket each start sets a password before it answers.
    "DELETE FROM global_priv WHERE User = 'root' AND Host <> 'localhost';",
    "DELETE FROM global_priv WHERE User = '';",
    '',
  ].join('\n');
}
