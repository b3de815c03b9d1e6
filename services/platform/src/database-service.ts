import { createApp } from './app.ts';
import type { ConfigOf } from './config.ts';
import { type Database, openDatabase } from './database.ts';
import { databaseDependency } from './database-check.ts';
import { createHealth, type Dependency } from './health.ts';
import { type Job, type RunningJobs, startJobs } from './job.ts';
import { createLiveVerify } from './live-session.ts';
import { createLog, type Log } from './log.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import type { BoundRoute } from './route.ts';
import type { Service } from './service.ts';
import type { databaseSettings, serverSettings } from './settings.ts';
import type { Verifier } from './tokens.ts';
import { warmUpPaths } from './warm-up.ts';

export type DatabaseServiceConfig = ConfigOf<ReturnType<typeof serverSettings>> & {
  readonly database: ConfigOf<typeof databaseSettings>;
};

/** What tests set differently. */
export interface Overrides {
  readonly log?: Log;
  readonly checkResponses?: boolean;
  readonly now?: () => number;
}

export interface DatabaseServiceOptions extends Overrides {
  readonly name: string;
  readonly description: string;
  /** The number of the newest migration that the service's statements need. */
  readonly schema: number;
  readonly config: DatabaseServiceConfig;
  /** For routes that ask who calls: a token counts while its session does. */
  readonly tokens?: Verifier;
  routes(database: Database, log: Log, metrics: Metrics): readonly BoundRoute[];
  /** What it needs beside the database. */
  dependencies?(): readonly Dependency[];
  /** What this site does without, by name, and why. */
  readonly without?: Readonly<Record<string, string>>;
  /** What it does beside answering, from the moment it listens. */
  jobs?(database: Database, log: Log): readonly Job[];
  /** Ends what its routes hold open besides the database. */
  close?(): Promise<void>;
}

/** A service that answers from the database: all of it but its routes. */
export function createDatabaseService(options: DatabaseServiceOptions): Service {
  const { name, config, tokens, now } = options;
  const { source, commit } = config;
  const log = options.log ?? createLog({ service: name, level: config.logLevel, commit });
  const metrics = createMetrics({ service: name, source, commit });
  const database = openDatabase({ config: config.database, log, metrics });
  const routes = options.routes(database, log, metrics);
  const others = options.dependencies?.() ?? [];
  const dependencies = [databaseDependency(database, options.schema), ...others];
  const { without = {} } = options;
  const health = createHealth({ service: name, source, commit, dependencies, without, log });
  const app = createApp({
    api: { title: name, version: commit ?? '0.0.0', description: options.description },
    routes,
    health,
    metrics,
    log,
    ...(tokens ? { verifyToken: createLiveVerify(tokens, database, now) } : {}),
    checkResponses: options.checkResponses ?? false,
  });
  let jobs: RunningJobs | undefined;
  return {
    ...{ app, health, metrics, log },
    warmUpPaths: warmUpPaths(routes),
    start() {
      jobs = startJobs(options.jobs?.(database, log) ?? [], log);
    },
    async close() {
      await jobs?.stop();
      await options.close?.();
      await database.close();
    },
  };
}
