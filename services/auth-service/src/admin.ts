import { parseArgs } from 'node:util';
import { ConfigError, readConfig } from '@whatsthecraic/platform/config';
import { openDatabase } from '@whatsthecraic/platform/database';
import { HttpError, rootCause } from '@whatsthecraic/platform/errors';
import { createLog } from '@whatsthecraic/platform/log';
import { databaseSettings } from '@whatsthecraic/platform/settings';
import { grantAdmin, listAdmins, revokeAdmin } from './domain/admins.ts';

const HELP = `admin - say who is an admin; the API cannot

  admin grant EMAIL    make the account of this address an admin
  admin revoke EMAIL   make it a user again
  admin list           the addresses of all admins

In a cluster: kubectl exec deploy/auth-service -- /usr/local/bin/node dist/admin.js list
The database is named by DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME, DB_TLS.

Exit codes: 0 done, 1 failed or refused, 2 wrong arguments.`;

async function main(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { help: { type: 'boolean', short: 'h' } },
  });
  const [verb = '', email = '', ...rest] = positionals;
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const isKnown = verb === 'list' ? email === '' : /^(?:grant|revoke)$/.test(verb) && email !== '';
  if (!isKnown || rest.length > 0) {
    console.error('admin: expected grant EMAIL, revoke EMAIL or list; see --help');
    return 2;
  }
  const log = createLog({ service: 'admin', level: 'silent' });
  const database = openDatabase({ config: readConfig(databaseSettings), log, connections: 1 });
  try {
    if (verb === 'list') {
      for (const address of await listAdmins(database)) console.log(address);
      return 0;
    }
    const changed = await (verb === 'grant' ? grantAdmin : revokeAdmin)(database, email);
    if (!changed) {
      console.error(`admin: no account has the address ${email}; sign up first, or correct it`);
      return 1;
    }
    console.log(`${email} is ${verb === 'grant' ? 'an admin' : 'a user'} now`);
    return 0;
  } finally {
    await database.close();
  }
}

function describe(error: unknown): [text: string, exitCode: number] {
  if (error instanceof ConfigError) return [`${error.message}\ncode: ${error.code}`, 1];
  if (error instanceof HttpError) {
    return [`${error.title}: ${rootCause(error)}\ncode: ${error.code}`, 1];
  }
  const { code, message } = error as NodeJS.ErrnoException;
  return code?.startsWith('ERR_PARSE_ARGS') ? [`${message}; see --help`, 2] : [String(message), 1];
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const [text, exitCode] = describe(error);
  console.error(`admin: ${text}`);
  process.exitCode = exitCode;
}
