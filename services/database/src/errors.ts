/** Why the schema or the data was left as it is; each code has one cause and one cure. */
export type DatabaseCommandCode =
  | 'MIGRATION_FILES_INVALID'
  | 'MIGRATION_CHANGED'
  | 'MIGRATION_MISSING'
  | 'MIGRATION_OUT_OF_ORDER'
  | 'MIGRATION_INTERRUPTED'
  | 'MIGRATION_FAILED'
  | 'MIGRATION_LOCKED'
  | 'DATABASE_UNREACHABLE'
  | 'SEED_REFUSED';

/** A command of this package ended without doing what was asked. */
export class DatabaseCommandError extends Error {
  override readonly name = 'DatabaseCommandError';
  readonly code: DatabaseCommandCode;

  constructor(code: DatabaseCommandCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
