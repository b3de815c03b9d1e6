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

/** The database has no room for what was to be written; what is there can be read. */
export class DatabaseFull extends Unavailable {
  constructor(cause: unknown) {
    super('database_full', 'Nothing can be saved at present', {
      detail: 'try again in a few minutes',
      retryAfterSeconds: 60,
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
  'ER_USER_LIMIT_REACHED',
]);

/** Numbers, since the driver knows only MySQL's names: 1969 is MariaDB's, 3024 MySQL's time limit. */
const BUSY = new Set([1205, 1213, 1467, 1969, 3024]);
/** 1290 and 1836: a server that was demoted to a copy; the next connection finds its successor. */
const AWAY_NUMBERS = new Set([1290, 1836, 1927, 4031]);
/** ER_DISK_FULL, ER_RECORD_FILE_FULL, ER_DISK_FULL_NOWAIT. */
const FULL = new Set([1021, 1114, 3675]);
/** Errors of files, which tell the system's number: 28 is ENOSPC, 122 EDQUOT. */
const OF_FILES = new Set([3, 1005, 1026, 1030, 1878]);
const NO_SPACE = /\berr(?:no|or|code):? (?:28|122)\b/i;
const DUPLICATE_KEY = 1062;
/** 1467 is how MariaDB tells of a deadlock over the next number of a table. */
const RETRIED = new Set([1205, 1213, 1467]);

interface DriverError {
  readonly code?: string;
  readonly errno?: number;
  readonly message?: string;
}

/** What the driver threw, as one of ours; what is no matter of reach or load stays as it is. */
export function mapDatabaseError(error: unknown): unknown {
  const { code, errno = 0, message = '' } = error as DriverError;
  if (FULL.has(errno) || (OF_FILES.has(errno) && NO_SPACE.test(message))) {
    return new DatabaseFull(error);
  }
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
