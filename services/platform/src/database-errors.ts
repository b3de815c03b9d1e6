import { Unavailable } from './errors.ts';

/** The database cannot be reached, or refuses us. */
export class DatabaseUnavailable extends Unavailable {
  constructor(cause: unknown) {
    super('database_unavailable', 'The database is away', {
      detail: 'try again in a few seconds',
      retryAfterSeconds: 5,
      cause,
    });
  }
}

/** The database is there and has too much to do. */
export class DatabaseBusy extends Unavailable {
  constructor(cause: unknown) {
    super('database_busy', 'The database is busy', {
      detail: 'try again in a few seconds',
      retryAfterSeconds: 2,
      cause,
    });
  }
}

/** https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html */
const AWAY = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EPIPE',
  'ETIMEDOUT',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'HANDSHAKE_NO_SSL_SUPPORT',
  'HANDSHAKE_SSL_ERROR',
  'ER_ACCESS_DENIED_ERROR',
  'ER_BAD_DB_ERROR',
  'ER_CON_COUNT_ERROR',
  'ER_DBACCESS_DENIED_ERROR',
  'ER_HOST_NOT_PRIVILEGED',
  'ER_NORMAL_SHUTDOWN',
  'ER_SERVER_SHUTDOWN',
  'ER_TOO_MANY_USER_CONNECTIONS',
]);

/** Numbers, since the driver knows only MySQL's names: 1969 is MariaDB's, 3024 MySQL's time limit. */
const BUSY = new Set([1205, 1213, 1969, 3024]);
const AWAY_NUMBERS = new Set([1927, 4031]);
const DUPLICATE_KEY = 1062;
const RETRIED = new Set([1205, 1213]);

interface DriverError {
  readonly code?: string;
  readonly errno?: number;
  readonly message?: string;
}

/** What the driver threw, as one of ours; what is no matter of reach or load stays as it is. */
export function mapDatabaseError(error: unknown): unknown {
  const { code, errno = 0 } = error as DriverError;
  if (BUSY.has(errno)) return new DatabaseBusy(error);
  if ((code && AWAY.has(code)) || AWAY_NUMBERS.has(errno)) return new DatabaseUnavailable(error);
  return error;
}

/** A deadlock or a lock waited for too long: the whole transaction may be tried again. */
export const isRetried = (error: unknown) => RETRIED.has((error as DriverError).errno ?? 0);

/** Whether an insert or update failed on this unique key. */
export function isDuplicateKey(error: unknown, key: string): boolean {
  const { errno, message = '' } = error as DriverError;
  // MySQL 8 writes 'table.key', MariaDB 'key'.
  return errno === DUPLICATE_KEY && new RegExp(`for key '(?:\\w+\\.)?${key}'`).test(message);
}
