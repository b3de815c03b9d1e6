import { PipelineError } from './errors.ts';

export interface Service {
  /** Name of the folder, the image, the Deployment, its container and its Service. */
  readonly name: string;
  /** Port of its HTTP API, where `/health` answers. */
  readonly port: number;
  /** Whether the site is down without it: a release is proven only with all critical ones. */
  readonly critical: boolean;
}

/** The platform's services, the critical ones first. */
export const services: readonly Service[] = [
  { name: 'aggregator', port: 4000, critical: true },
  { name: 'auth-service', port: 3001, critical: true },
  { name: 'events-service', port: 4003, critical: true },
  { name: 'dj-service', port: 4002, critical: false },
  { name: 'venue-service', port: 4001, critical: false },
  { name: 'ml-service', port: 4004, critical: false },
];

/**
 * What images are made of: the services, and the database's migrations, which run as a Job before a
 * rollout and are no service.
 */
export const imageNames: readonly string[] = [...services.map(({ name }) => name), 'database'];

export function findService(name: string): Service {
  const found = services.find((service) => service.name === name);
  if (found) return found;
  throw new PipelineError('SERVICE_UNKNOWN', `There is no service ${JSON.stringify(name)}.`, {
    cure: `Choose one of: ${services.map((service) => service.name).join(', ')}.`,
  });
}
