import { setTimeout as sleep } from 'node:timers/promises';
import {
  createPool,
  type PoolConnection,
  type ResultSetHeader,
  type RowDataPacket,
} from 'mysql2/promise';
import type { ConfigOf } from './config.ts';
import {
  DatabaseBusy,
  DatabaseUnavailable,
  isRetried,
  mapDatabaseError,
} from './database-errors.ts';
import { inTime } from './database-limit.ts';
import type { Log } from './log.ts';
import { Gauge, type Metrics } from './metrics.ts';
import type { databaseSettings } from './settings.ts';

export type DatabaseConfig = ConfigOf<typeof databaseSettings>;
export type SqlValue = string | number | Date | Buffer | null;

/** How a row becomes a value: a zod schema, or anything else that parses. */
export interface RowSchema<T> {
  parse(row: unknown): T;
}

export interface Queries {
  /** The rows of a fixed statement, prepared once per connection. */
  query<T>(sql: string, values: readonly SqlValue[], row: RowSchema<T>): Promise<T[]>;
  /** The rows of a statement built for this call (a search), as text: it would fill the cache of prepared ones. */
  search<T>(sql: string, values: readonly SqlValue[], row: RowSchema<T>): Promise<T[]>;
  /** Runs a fixed statement that changes data. */
  run(
    sql: string,
    values: readonly SqlValue[],
  ): Promise<{ affectedRows: number; insertId: number }>;
}

export interface Database extends Queries {
  /** Runs `work` in a transaction; after a deadlock all of it again, so it must do nothing else. */
  transaction<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly config: DatabaseConfig;
  readonly log: Log;
  readonly metrics?: Metrics;
  /** Eleven pods, while all five services with a database roll, stay below a small server's limit of 80. */
  readonly connections?: number;
  readonly queueLimit?: number;
  readonly acquireTimeoutMs?: number;
  readonly statementTimeoutMs?: number;
}

const TRANSACTION_TRIES = 3;

/** A bounded pool: few connections, a short queue, and an end to every wait. */
export function openDatabase(options: DatabaseOptions): Database {
  const { config, log, connections = 6, queueLimit = 200 } = options;
  const { acquireTimeoutMs = 2_000, statementTimeoutMs = 2_000 } = options;
  const pool = createPool({
    host: config.host,
    port: config.port,
    user: config.user,
    password: config.password.reveal(),
    database: config.name,
    ...(config.tls === 'amazon-rds' ? { ssl: 'Amazon RDS' } : {}),
    connectionLimit: connections,
    queueLimit,
    connectTimeout: 5_000,
    enableKeepAlive: true,
    keepAliveInitialDelay: 10_000,
    maxPreparedStatements: 200,
    timezone: 'Z',
    charset: 'utf8mb4',
    supportBigNumbers: true,
    decimalNumbers: true,
    gracefulEnd: true,
    multipleStatements: false,
  });
  pool.on('connection', (connection) => {
    // Queued before the first query of whoever waits for the connection.
    const raw = connection as unknown as { query(sql: string, done: (e: unknown) => void): void };
    raw.query(sessionSql(statementTimeoutMs), (error) => {
      if (error) log.error({ err: error }, 'database session not set up');
    });
  });
  let held = 0;
  let waiting = 0;

  /** All of them at work is load; otherwise the pool could not make one. */
  const noConnection = (cause: unknown) =>
    held >= connections ? new DatabaseBusy(cause) : new DatabaseUnavailable(cause);

  async function acquire(): Promise<PoolConnection> {
    const pending = pool.getConnection();
    // No timer with an AbortSignal: its AbortError cost an eighth of a request's time.
    const late = Promise.withResolvers<undefined>();
    const timer = setTimeout(late.resolve, acquireTimeoutMs, undefined).unref();
    waiting += 1;
    try {
      const connection = await Promise.race([pending, late.promise]);
      if (connection) {
        held += 1;
        return connection;
      }
      // The pool knows no deadline: what it hands out later must go straight back.
      pending.then((unused) => unused.release()).catch(() => {});
      throw noConnection(new Error(`no connection within ${acquireTimeoutMs} ms`));
    } catch (error) {
      const isQueueFull = (error as Error).message === 'Queue limit reached.';
      throw isQueueFull ? noConnection(error) : mapDatabaseError(error);
    } finally {
      waiting -= 1;
      clearTimeout(timer);
      pending.catch(() => {});
    }
  }

  async function using<T>(work: (connection: PoolConnection) => Promise<T>): Promise<T> {
    const connection = await acquire();
    let broken = false;
    try {
      return await work(connection);
    } catch (error) {
      const mapped = mapDatabaseError(error);
      // A statement may still run on it, or the other side is gone.
      broken = mapped instanceof DatabaseUnavailable;
      throw mapped;
    } finally {
      held -= 1;
      if (broken) connection.destroy();
      else connection.release();
    }
  }

  const limit = statementTimeoutMs + 1_000;
  const database: Database = {
    query: (sql, values, row) => using((it) => queriesOn(it, limit).query(sql, values, row)),
    search: (sql, values, row) => using((it) => queriesOn(it, limit).search(sql, values, row)),
    run: (sql, values) => using((it) => queriesOn(it, limit).run(sql, values)),
    async transaction(work) {
      for (let attempt = 1; ; attempt++) {
        try {
          return await using((it) => inTransaction(it, limit, () => work(queriesOn(it, limit))));
        } catch (error) {
          const cause = error instanceof DatabaseBusy ? error.cause : error;
          if (attempt === TRANSACTION_TRIES || !isRetried(cause)) throw error;
          await sleep(Math.random() * 50 * attempt);
        }
      }
    },
    close: () => pool.end(),
  };
  if (options.metrics) measure(options.metrics, connections, () => ({ held, waiting }));
  return database;
}

/** Times in UTC, and an end to statements set on the server: MySQL and MariaDB name it differently. */
export const sessionSql = (timeoutMs: number) =>
  "SET @@SESSION.time_zone = '+00:00'" +
  `/*!80000 , @@SESSION.max_execution_time = ${timeoutMs} */` +
  `/*M!100100 , @@SESSION.max_statement_time = ${timeoutMs / 1000} */`;

function queriesOn(connection: PoolConnection, limitMs: number): Queries {
  const parseAll = <T>(rows: RowDataPacket[], row: RowSchema<T>) => rows.map((it) => row.parse(it));
  return {
    async query(sql, values, row) {
      const asked = connection.execute<RowDataPacket[]>(sql, [...values]);
      const [rows] = await inTime(asked, limitMs);
      return parseAll(rows, row);
    },
    async search(sql, values, row) {
      const asked = connection.query<RowDataPacket[]>(sql, [...values]);
      const [rows] = await inTime(asked, limitMs);
      return parseAll(rows, row);
    },
    async run(sql, values) {
      const asked = connection.execute<ResultSetHeader>(sql, [...values]);
      const [result] = await inTime(asked, limitMs);
      return { affectedRows: result.affectedRows, insertId: result.insertId };
    },
  };
}

async function inTransaction<T>(
  connection: PoolConnection,
  limitMs: number,
  work: () => Promise<T>,
): Promise<T> {
  await inTime(connection.beginTransaction(), limitMs);
  try {
    const result = await work();
    await inTime(connection.commit(), limitMs);
    return result;
  } catch (error) {
    // Fails only on a broken connection, whose transaction the server ends by itself.
    await inTime(connection.rollback(), limitMs).catch(() => {});
    throw error;
  }
}

function measure(metrics: Metrics, limit: number, state: () => { held: number; waiting: number }) {
  new Gauge({
    name: 'db_pool_connections',
    help: 'Database connections in use, callers waiting for one, and the most there can be.',
    labelNames: ['state'],
    registers: [metrics.registry],
    collect() {
      const { held, waiting } = state();
      this.set({ state: 'used' }, held);
      this.set({ state: 'waiting' }, waiting);
      this.set({ state: 'limit' }, limit);
    },
  });
}
