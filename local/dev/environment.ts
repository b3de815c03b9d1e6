import { createHash } from 'node:crypto';
import { type Service, services } from '../../ci/src/services.ts';
import type { SiteDatabase } from '../secret.ts';
import { ingestionKeys, spotifyKeys } from '../sources/keys.ts';

export interface Surroundings {
  /** Where each service listens, by its name. */
  readonly ports: ReadonlyMap<string, number>;
  readonly database: SiteDatabase;
  readonly jwtSecret: string;
  /** Where the stand-ins of the paid APIs answer. */
  readonly sourcesUrl: string;
  /** Where Node keeps what it has compiled, which takes a third off each start. */
  readonly compileCache: string;
}

/** Everything that a service reads, as its ConfigMaps and its Secret give it in a pod. */
export function environmentOf(
  { name, port }: Service,
  around: Surroundings,
): Readonly<Record<string, string>> {
  const { ports, jwtSecret } = around;
  return {
    ...shared(around),
    PORT: String(ports.get(name) ?? port),
    METRICS_PORT: '0',
    // The demo account's password is public.
    LISTEN_ADDRESS: '127.0.0.1',
    // Warm code is for callers in numbers; a developer wants the edit.
    WARM_UP_REQUESTS: '0',
    // Nobody waits for a reload, and nothing stands before the services that would hold connections.
    DRAIN_MS: '0',
    STOP_DEADLINE_MS: '1000',
    JWT_SECRET: jwtSecret,
    PUBLIC_URL: url(ports.get('aggregator')),
    ...spotifyKeys,
    // The same in each run, as the database is.
    SPOTIFY_TOKEN_KEYS: `dev:${createHash('sha256').update(`spotify ${jwtSecret}`).digest('base64')}`,
    ...Object.fromEntries(services.map((it) => [urlVariable(it), url(ports.get(it.name))])),
  };
}

/** What the ingestion reads: it alone has the keys of the sources, as in a cluster. */
export const environmentOfIngestion = (around: Surroundings): Readonly<Record<string, string>> => ({
  ...shared(around),
  ...ingestionKeys,
});

const shared = ({ database, sourcesUrl, compileCache }: Surroundings) => ({
  NODE_COMPILE_CACHE: compileCache,
  DB_HOST: database.host,
  DB_PORT: String(database.port),
  DB_NAME: database.name,
  DB_USER: database.user,
  DB_PASSWORD: database.password,
  SOURCES_URL: sourcesUrl,
});

const urlVariable = ({ name }: Service) => `${name.toUpperCase().replaceAll('-', '_')}_URL`;

export const url = (port: number | undefined) => `http://127.0.0.1:${port}`;
