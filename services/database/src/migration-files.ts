import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { DatabaseCommandError } from './errors.ts';
import { splitStatements } from './split-statements.ts';

export interface Migration {
  readonly id: number;
  readonly name: string;
  /**
   * `expand` leaves all that the release before it reads and writes as it was; `contract` takes some
   * of it away.
   */
  readonly kind: 'expand' | 'contract';
  readonly checksum: string;
  readonly statements: readonly string[];
}

export const migrationsFolder = new URL('../migrations/', import.meta.url);

const FILE = /^(\d{3})-([a-z0-9]+(?:-[a-z0-9]+)*)\.sql$/;
const KIND = /^-- (expand|contract)\n/;

/** The migrations of a folder in their order; their numbers have no gap and no double. */
export async function readMigrations(folder: URL = migrationsFolder): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => !file.startsWith('.')).toSorted();
  const migrations: Migration[] = [];
  for (const file of files) {
    const text = await readFile(new URL(file, folder), 'utf8');
    migrations.push(parseMigration(file, text, migrations.length + 1));
  }
  return migrations;
}

/** One file as a migration; throws unless its name bears the number that is due. */
export function parseMigration(file: string, text: string, due: number): Migration {
  const [, number, name] = FILE.exec(file) ?? [];
  if (!number || !name) {
    throw invalid(`${file}: expected a name like ${dueName(due)}-add-something.sql`);
  }
  if (Number(number) !== due) {
    throw invalid(
      `${file}: expected number ${dueName(due)} next; numbers have no gap and no double`,
    );
  }
  // A checkout with other line ends is the same migration.
  const unified = text.replaceAll('\r\n', '\n');
  const [header = '', kind] = KIND.exec(unified) ?? [];
  if (kind !== 'expand' && kind !== 'contract') {
    throw invalid(`${file}: expected -- expand or -- contract as its first line`);
  }
  // What the first line says is for the pipeline; to the database the rest is the migration.
  const body = unified.slice(header.length);
  try {
    const statements = splitStatements(body);
    if (statements.length === 0) throw new SyntaxError('it holds no statement');
    return { id: due, name, kind, checksum: sha256(body), statements };
  } catch (error) {
    throw invalid(`${file}: ${(error as Error).message}`);
  }
}

/** A migration as people name it. */
export const migrationLabel = ({ id, name }: { id: number; name: string }) =>
  `${dueName(id)}-${name}`;

export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

const dueName = (id: number) => String(id).padStart(3, '0');
const invalid = (message: string) => new DatabaseCommandError('MIGRATION_FILES_INVALID', message);
