import type { Express } from 'express';
import type { Health } from './health.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';

/** A service built and not yet started. */
export interface Service {
  readonly app: Express;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly log: Log;
  /** What it may be asked before anybody else asks; see `warm-up.ts`. */
  readonly warmUpPaths?: readonly string[];
  /** Begins what the service does beside answering, once it listens. */
  start?(): void;
  /** Ends what the service holds open: pools, timers. */
  close(): Promise<void>;
}
