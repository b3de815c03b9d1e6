import type { Format } from '../arguments.ts';
import { PipelineError } from '../errors.ts';
import type { ServiceHealth } from '../health/verify.ts';
import { healthText } from './health-text.ts';

/** Gives the health back as the caller wants it; throws the report unless all are healthy. */
export function healthResult(
  where: string,
  results: readonly ServiceHealth[],
  format: Format,
): string {
  const healthy = results.every((result) => result.healthy);
  const report =
    format === 'json'
      ? JSON.stringify({ target: where, healthy, services: results }, undefined, 2)
      : healthText(where, results);
  if (healthy) return report;
  throw new PipelineError('UNHEALTHY', report);
}
