import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type RunResult, tryRun } from './run.ts';
import type { SiteDatabase } from './secret.ts';
import type { Instance } from './state.ts';

export const schemaName = 'gigsdb';

/** The account that the seed data holds, for trying the site on one's own machine. */
export const demo = { email: 'demo@whatsthecraic.example', password: 'craic-agus-ceol' };

/** A command of services/database failed; its message and code are this error's. */
export class DatabaseNotFilled extends Error {
  override readonly name = 'DatabaseNotFilled';
  readonly code: string;

  constructor(file: string, { exitCode, stderr }: RunResult) {
    const [, said, code] = /^(.*)\ncode: ([A-Z_]+)$/s.exec(stderr.trim()) ?? [];
    super(said ?? `${file} exited with ${exitCode}\n${stderr.trim()}`);
    this.code = code ?? 'COMMAND_FAILED';
  }
}

export interface FillOptions {
  readonly instance: Instance;
  readonly repository: string;
  readonly say: (text: string) => void;
}

/** Brings a database's schema up to date and fills it with synthetic data. */
export async function fillDatabase(database: SiteDatabase, options: FillOptions): Promise<void> {
  await command(database, options, 'migrate.ts', 'up');
  await seedDatabase(database, options);
}

/** Fills a database that has its schema with synthetic data. */
export async function seedDatabase(database: SiteDatabase, options: FillOptions): Promise<void> {
  await oncePerDay(options.instance, database, () => command(database, options, 'seed.ts'));
  options.say('the database has its schema and synthetic gigs');
}

async function command(
  database: SiteDatabase,
  { repository }: FillOptions,
  file: string,
  ...args: string[]
): Promise<void> {
  const result = await tryRun(
    [process.execPath, '--conditions=source', `services/database/src/${file}`, ...args],
    {
      cwd: repository,
      timeoutMs: 300_000,
      // Nothing of the caller's environment: it may name another database.
      env: {
        PATH: process.env.PATH,
        DB_HOST: database.host,
        DB_PORT: String(database.port),
        DB_NAME: database.name,
        DB_USER: database.user,
        DB_PASSWORD: database.password,
        DEMO_PASSWORD: demo.password,
      },
    },
  );
  if (result.exitCode !== 0) throw new DatabaseNotFilled(file, result);
}

/** The gigs are those of the next 90 days, so they move on with the days, not with each `make up`. */
async function oncePerDay(
  instance: Instance,
  { host, port, name }: SiteDatabase,
  work: () => Promise<unknown>,
): Promise<void> {
  const file = join(instance.stateFolder, 'seeded');
  const today = `${new Date().toISOString().slice(0, 10)} ${host}:${port}/${name}`;
  if ((await readFile(file, 'utf8').catch(() => '')) === today) return;
  await work();
  await mkdir(instance.stateFolder, { recursive: true, mode: 0o700 });
  await writeFile(file, today);
}
