import { findService } from '../services.ts';
import type { KubectlCall, KubectlOutput, Target } from '../target/target.ts';
import type { Schema } from './migrations.ts';

/** A critical one that has the database: where it does not serve, nobody is worth asking. */
const { name, port } = findService('auth-service');

/**
 * Asks a service that serves which migrations its database has, through the API server: what it says
 * is seconds old at most, so that a database that was restored meanwhile is seen.
 */
export const schemaCall = ({ namespace }: Pick<Target, 'namespace'>): KubectlCall => ({
  args: ['get', '--raw', `/api/v1/namespaces/${namespace}/services/${name}:${port}/proxy/health`],
  timeoutSeconds: 5,
});

/** What it said; undefined if it does not serve, or does not know. */
export const readSchema = (output: KubectlOutput | undefined): Schema | undefined =>
  output?.exitCode === 0 ? schemaIn(output.stdout) : undefined;

function schemaIn(body: string): Schema | undefined {
  let health: { dependencies?: { database?: { status?: unknown; schema?: Partial<Schema> } } };
  try {
    health = Object(JSON.parse(body));
  } catch {
    return undefined;
  }
  const { status, schema } = Object(health.dependencies?.database) as {
    status?: unknown;
    schema?: Partial<Schema>;
  };
  const { version, digest } = Object(schema) as Partial<Schema>;
  if (status !== 'ok' || typeof version !== 'number' || typeof digest !== 'string')
    return undefined;
  return { version, digest };
}
