import { DatabaseCommandError } from './errors.ts';
import { checksumOf, type History, type Unfinished } from './history.ts';
import { type Migration, migrationLabel } from './migration-files.ts';

/** What remains to be done: whole migrations, the first perhaps from its middle. */
export interface Plan {
  readonly pending: readonly Migration[];
  /** Statements of the first one that are in already. */
  readonly done: number;
  /** A statement of the first one of which it is not known whether it took effect. */
  readonly doubtful: number | undefined;
}

/** Compares files with history; throws where they contradict each other. */
export function planMigrations(migrations: readonly Migration[], history: History): Plan {
  const { applied, unfinished } = history;
  for (const [index, record] of applied.entries()) {
    const file = migrations.find(({ id }) => id === record.id);
    if (!file) {
      throw new DatabaseCommandError(
        'MIGRATION_MISSING',
        `the database has ${migrationLabel(record)}, of which there is no file: ` +
          'this checkout or image is older than the database, use the one that migrated it',
      );
    }
    if (record.id !== index + 1) {
      throw new DatabaseCommandError(
        'MIGRATION_OUT_OF_ORDER',
        `the database has ${migrationLabel(record)} but not number ${index + 1}: ` +
          'give the new file a number after the newest one',
      );
    }
    if (file.checksum === record.checksum && file.name === record.name) continue;
    throw new DatabaseCommandError(
      'MIGRATION_CHANGED',
      `${migrationLabel(file)} is not what the database got as ${migrationLabel(record)}: ` +
        'restore the file and put the change into a new migration',
    );
  }
  const pending = migrations.slice(applied.length);
  if (!unfinished) return { pending, done: 0, doubtful: undefined };
  requireSameStart(pending[0], unfinished);
  return { pending, done: unfinished.done, doubtful: unfinished.running ?? undefined };
}

function requireSameStart(
  next: Migration | undefined,
  { id, name, done, doneChecksum }: Unfinished,
) {
  const isSame =
    next?.id === id &&
    next.name === name &&
    checksumOf(next.statements.slice(0, done)) === doneChecksum;
  if (isSame) return;
  throw new DatabaseCommandError(
    'MIGRATION_CHANGED',
    `the first ${done} statements of ${migrationLabel({ id, name })} are in the database, and the ` +
      'file begins differently now: restore them, only what comes after may be changed',
  );
}
