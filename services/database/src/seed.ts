import { parseArgs } from 'node:util';
import { readConfig, Setting } from '@whatsthecraic/platform/config';
import { hashPassword } from '@whatsthecraic/platform/password';
import { Secret } from '@whatsthecraic/platform/secret';
import { databaseSettings } from '@whatsthecraic/platform/settings';
import { z } from 'zod';
import { connect } from './connect.ts';
import { DatabaseCommandError } from './errors.ts';
import { migrationLabel, readMigrations } from './migration-files.ts';
import { checkMigrations } from './migrator.ts';
import { runCommand } from './run-command.ts';
import { DEMO_EMAIL, makeSeedData, SEED_DOMAIN } from './seed/make-data.ts';
import { sow } from './seed/sow.ts';

const HELP = `seed - fill a migrated database with synthetic gigs, venues, DJs and saves

The dates are those of the next 90 days. Run again, it refreshes the same rows. All accounts are of
@${SEED_DOMAIN}; ${DEMO_EMAIL} and the others have the password DEMO_PASSWORD.
A database with accounts of anybody else is refused.

The database is named by DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME, DB_TLS.

Exit codes: 0 done, 1 failed or refused, 2 wrong arguments.`;

const settings = {
  ...databaseSettings,
  demoPassword: new Setting(
    'DEMO_PASSWORD',
    z
      .string()
      .min(8)
      .transform((text) => new Secret(text)),
    { expected: 'at least 8 characters', example: 'openssl rand -base64 12', secret: true },
  ),
};

async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: { help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const { demoPassword, ...config } = readConfig(settings);
  await using connection = await connect(config);
  const { pending } = await checkMigrations(connection, await readMigrations());
  if (pending.length > 0) {
    throw new DatabaseCommandError(
      'SEED_REFUSED',
      `${pending.map(migrationLabel).join(', ')} not applied: run \`migrate up\` first`,
    );
  }
  const data = makeSeedData(new Date());
  const counts = await sow(connection, data, await hashPassword(demoPassword.reveal()));
  const text = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
  console.log(`seeded ${text.join(', ')}; demo account ${DEMO_EMAIL}`);
  return 0;
}

await runCommand('seed', main);
