import { setTimeout as sleep } from 'node:timers/promises';
import type { DatabaseConfig } from '@whatsthecraic/platform/database';
import { type Connection, createConnection } from 'mysql2/promise';
import { DatabaseCommandError } from './errors.ts';

const CURES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there: start the server, or correct DB_HOST and DB_PORT',
  ETIMEDOUT: 'no answer within 5 s: is the network open between here and there?',
  ENOTFOUND: 'the name is not known: correct DB_HOST',
  EAI_AGAIN: 'the name cannot be looked up now: correct DB_HOST, or try again',
  ER_ACCESS_DENIED_ERROR: 'access is denied: correct DB_USER and DB_PASSWORD',
  ER_DBACCESS_DENIED_ERROR:
    'the user has no rights on the database: grant them, or correct DB_NAME',
  ER_BAD_DB_ERROR: 'there is no such database: create it, or correct DB_NAME',
};

/** One connection for a command; throws a message with the cure when there is none to be had. */
export async function connect(config: DatabaseConfig): Promise<Connection> {
  const { host, port, user, password, name, tls } = config;
  try {
    return await createConnection({
      host,
      port,
      user,
      password: password.reveal(),
      database: name,
      ...(tls === 'amazon-rds' ? { ssl: 'Amazon RDS' } : {}),
      connectTimeout: 5_000,
      charset: 'utf8mb4',
      timezone: 'Z',
      multipleStatements: false,
    });
  } catch (error) {
    const { code = 'unknown error' } = error as { code?: string };
    throw new DatabaseCommandError(
      'DATABASE_UNREACHABLE',
      `cannot use database ${name} on ${host}:${port} as ${user} (${code}): ` +
        (CURES[code] ?? (error as Error).message),
      { cause: error },
    );
  }
}

/** Another password or another name does not come by waiting. */
const PASSING = new Set([
  ...['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'],
  ...['ENOTFOUND', 'EAI_AGAIN', 'PROTOCOL_CONNECTION_LOST', 'ER_CON_COUNT_ERROR'],
]);

/**
 * The same, for a pod: its network may come a moment after it, and the database may be starting. Asks
 * again each second for that long.
 */
export async function connectPatiently(
  config: DatabaseConfig,
  seconds: number,
): Promise<Connection> {
  const deadline = performance.now() + seconds * 1_000;
  for (;;) {
    try {
      return await connect(config);
    } catch (error) {
      const { code = '' } = Object((error as Error).cause) as { code?: string };
      if (!PASSING.has(code) || performance.now() >= deadline) throw error;
    }
    await sleep(1_000);
  }
}
