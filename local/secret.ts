import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { namespace } from '../ci/src/namespace.ts';
import type { Admin } from './admin.ts';
import { writePrivateFile } from './private-file.ts';
import { ingestionKeys, spotifyKeys } from './sources/keys.ts';
import type { Instance } from './state.ts';

export interface SiteDatabase {
  readonly host: string;
  readonly port: number;
  readonly name: string;
  readonly user: string;
  readonly password: string;
}

/** A database with its users: one for the services, and one that may change the schema. */
export interface SiteDatabases {
  readonly app: SiteDatabase;
  readonly migrate: SiteDatabase;
}

/**
 * Does what an operator does by hand on the node: makes the Secret that the pods read. With the URL of
 * the stand-ins it names these, and keys that they take; without it no source is asked.
 */
export async function applySecret(
  admin: Admin,
  instance: Instance,
  { app: database, migrate }: SiteDatabases,
  sourcesUrl?: string,
): Promise<void> {
  const values: Record<string, string> = {
    DB_HOST: database.host,
    DB_PORT: String(database.port),
    DB_USER: database.user,
    DB_PASSWORD: database.password,
    DB_MIGRATE_USER: migrate.user,
    DB_MIGRATE_PASSWORD: migrate.password,
    JWT_SECRET: await jwtSecret(instance),
    ...(sourcesUrl ? { SOURCES_URL: sourcesUrl, ...spotifyKeys, ...ingestionKeys } : {}),
  };
  const data = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  );
  const object = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'whatsthecraic-secrets', namespace },
    data,
  };
  // Server-side apply leaves an unchanged Secret's version as it is, and so rolls nothing.
  await admin(
    ['apply', '--server-side', '--field-manager=make-up', '-f', '-'],
    JSON.stringify(object),
  );
}

/** The same at each start, so that tokens outlive it. */
export async function jwtSecret(instance: Instance): Promise<string> {
  const file = join(instance.stateFolder, 'jwt-secret');
  const known = await readFile(file, 'utf8').catch(() => undefined);
  if (known) return known;
  const secret = randomBytes(48).toString('base64url');
  await writePrivateFile(file, secret);
  return secret;
}
