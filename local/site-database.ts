import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDatabase } from './mariadb/databases.ts';
import type { MariaDb } from './mariadb.ts';
import { run } from './run.ts';
import type { SiteDatabase } from './secret.ts';

const name = 'gigsdb';

/** The account that the seed data holds, for trying the site on one's own machine. */
export const demo = { email: 'demo@whatsthecraic.example', password: 'craic-agus-ceol' };

/** Makes the site's database, brings its schema up to date and fills it with synthetic data. */
export async function prepareDatabase(
  server: MariaDb,
  repository: string,
  say: (text: string) => void,
): Promise<SiteDatabase> {
  const database = await createDatabase(server, name);
  const command = (file: string, ...args: string[]) =>
    run([process.execPath, '--conditions=source', `services/database/src/${file}`, ...args], {
      cwd: repository,
      timeoutMs: 300_000,
      // Nothing of the caller's environment: it may name another database.
      env: {
        PATH: process.env.PATH,
        DB_HOST: server.host,
        DB_PORT: String(server.port),
        DB_NAME: name,
        DB_USER: database.migrate.user,
        DB_PASSWORD: database.migrate.password,
        DEMO_PASSWORD: demo.password,
      },
    });
  await command('migrate.ts', 'up');
  await oncePerDay(join(server.folder, 'seeded-on'), () => command('seed.ts'));
  say('the database has its schema and synthetic gigs');
  return { host: server.host, port: server.port, ...database.app };
}

/** The gigs are those of the next 90 days, so they move on with the days, not with each `make up`. */
async function oncePerDay(file: string, work: () => Promise<unknown>): Promise<void> {
  const today = new Date().toISOString().slice(0, 10);
  if ((await readFile(file, 'utf8').catch(() => '')) === today) return;
  await work();
  await writeFile(file, today);
}
