import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivateFile } from '../private-file.ts';

/** What a server remembers of itself between starts, in a file that only its owner may read. */
export interface Credentials {
  /** Marks the databases that this very instance has made. */
  readonly instanceId: string;
  readonly adminPassword: string;
  readonly port: number | null;
  /** Passwords of the users of databases, by user. */
  readonly users: Readonly<Record<string, string>>;
}

export const newPassword = () => randomBytes(24).toString('hex');

const fileIn = (folder: string) => join(folder, 'credentials.json');

/** The credentials of the server in `folder`, made at the first call. */
export async function readCredentials(folder: string): Promise<Credentials> {
  const text = await readFile(fileIn(folder), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text !== undefined) return JSON.parse(text) as Credentials;
  const made: Credentials = {
    instanceId: randomBytes(16).toString('hex'),
    adminPassword: newPassword(),
    port: null,
    users: {},
  };
  await writeCredentials(folder, made);
  return made;
}

export async function writeCredentials(folder: string, credentials: Credentials): Promise<void> {
  await writePrivateFile(fileIn(folder), JSON.stringify(credentials));
}
