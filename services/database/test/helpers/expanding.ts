import { type Migration, parseMigration } from '../../src/migration-files.ts';

/** A migration that only adds, from its statements. */
export const expanding = (file: string, statements: string, due: number): Migration =>
  parseMigration(file, `-- expand\n${statements}`, due);
