import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface Metrics {
  readonly registry: Registry;
  readonly requestDuration: Histogram<'method' | 'route' | 'status'>;
  readonly requestsInFlight: Gauge;
  /** Adds what describes the process as a whole; once in a process. */
  collectProcess(): void;
}

export interface BuildInfo {
  readonly service: string;
  readonly source: string | null;
  readonly commit: string | null;
}

/** Around the answer times that matter here: a fast read is 5 ms, a lost caller is 2.5 s. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** The metrics of one application, in a registry of its own. */
export function createMetrics(build: BuildInfo): Metrics {
  const registry = new Registry();
  const registers = [registry];
  new Gauge({
    name: 'build_info',
    help: 'What runs: always 1, told by its labels.',
    labelNames: ['service', 'source', 'commit'],
    registers,
  }).set({ service: build.service, source: build.source ?? '', commit: build.commit ?? '' }, 1);

  return {
    registry,
    requestDuration: new Histogram({
      name: 'http_request_duration_seconds',
      help: 'Time from a request to the end of its answer; route is the pattern, 499 a caller gone.',
      labelNames: ['method', 'route', 'status'],
      buckets: SECONDS,
      registers,
    }),
    requestsInFlight: new Gauge({
      name: 'http_requests_in_flight',
      help: 'Requests being answered now.',
      registers,
    }),
    collectProcess: () => collectDefaultMetrics({ register: registry }),
  };
}

export { Counter, Gauge, Histogram, SECONDS };
