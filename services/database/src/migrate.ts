import { parseArgs } from 'node:util';
import { readConfig } from '@whatsthecraic/platform/config';
import type { Connection } from 'mysql2/promise';
import { settings } from './config.ts';
import { connect, connectPatiently } from './connect.ts';
import { readHistory } from './history.ts';
import { type Migration, migrationLabel, readMigrations } from './migration-files.ts';
import { checkMigrations, migrateUp } from './migrator.ts';
import { runCommand, UsageError } from './run-command.ts';

const HELP = `migrate - bring the database to the schema of this checkout or image

  migrate up       apply what is pending; continues a migration that was cut off
  migrate status   list the migrations and when each was applied
  migrate check    say whether the database is up to date; changes nothing

  --patience=<seconds>       with up: how long to wait for a database that does not answer; 0 unless told
  --interrupted=done|again   with up: whether the statement in which a run was cut off took effect
  --help                     this text

The database is named by DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME, DB_TLS; a user of its own by
DB_MIGRATE_USER and DB_MIGRATE_PASSWORD.

Exit codes: 0 done, 1 failed or refused, 2 wrong arguments, 3 check: migrations are pending.`;

const PENDING = 3;

async function main(argv: readonly string[]): Promise<number> {
  const { verb, interrupted, patience, help } = readArguments(argv);
  if (help) {
    console.log(HELP);
    return 0;
  }
  const { database, migrateUser, migratePassword } = readConfig(settings);
  const config = {
    ...database,
    ...(migrateUser && migratePassword ? { user: migrateUser, password: migratePassword } : {}),
  };
  const migrations = await readMigrations();
  await using connection = await (verb === 'up'
    ? connectPatiently(config, patience)
    : connect(config));
  if (verb === 'status') return await status(connection, migrations);
  if (verb === 'check') return await check(connection, migrations);
  const count = await migrateUp(connection, { migrations, interrupted, say: console.log });
  if (count === 0) console.log(`up to date: ${migrations.length} migrations`);
  return 0;
}

function readArguments(argv: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      help: { type: 'boolean', short: 'h' },
      interrupted: { type: 'string' },
      patience: { type: 'string', default: '0' },
    },
  });
  const [verb, ...rest] = positionals;
  const { help = false, interrupted } = values;
  if (help) return { help, verb: undefined, interrupted: undefined, patience: 0 };
  if (rest.length > 0 || (verb !== 'up' && verb !== 'status' && verb !== 'check')) {
    throw new UsageError(
      `expected up, status or check, got ${JSON.stringify(positionals.join(' '))}`,
    );
  }
  if (interrupted !== undefined && interrupted !== 'done' && interrupted !== 'again') {
    throw new UsageError(
      `--interrupted: expected done or again, got ${JSON.stringify(interrupted)}`,
    );
  }
  if (interrupted !== undefined && verb !== 'up')
    throw new UsageError('--interrupted goes with up');
  if (!/^\d{1,3}$/.test(values.patience)) {
    throw new UsageError(
      `--patience: expected seconds from 0 to 999, got ${JSON.stringify(values.patience)}`,
    );
  }
  return { help, verb, interrupted, patience: Number(values.patience) } as const;
}

async function status(connection: Connection, migrations: readonly Migration[]): Promise<number> {
  const { applied, unfinished } = await readHistory(connection);
  for (const migration of migrations) {
    const record = applied.find(({ id }) => id === migration.id);
    const isBegun = unfinished?.id === migration.id;
    const state = record
      ? `applied ${record.appliedAt.toISOString()} in ${record.durationMs} ms`
      : isBegun
        ? `begun, ${unfinished.done} of ${migration.statements.length} statements are in`
        : 'pending';
    console.log(`${migrationLabel(migration).padEnd(32)} ${state}`);
  }
  await checkMigrations(connection, migrations);
  return 0;
}

async function check(connection: Connection, migrations: readonly Migration[]): Promise<number> {
  const { pending } = await checkMigrations(connection, migrations);
  if (pending.length === 0) {
    console.log(`up to date: ${migrations.length} migrations`);
    return 0;
  }
  console.log(`pending: ${pending.map(migrationLabel).join(', ')}; run \`migrate up\``);
  return PENDING;
}

await runCommand('migrate', main);
