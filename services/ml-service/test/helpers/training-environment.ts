import type { TestDatabase } from '../../../platform/test/helpers/database.ts';

/** What the command that trains is told by its environment. */
export const trainingEnvironment = ({ config }: TestDatabase, folder: string) => ({
  DB_HOST: config.host,
  DB_PORT: String(config.port),
  DB_USER: config.user,
  DB_PASSWORD: config.password.reveal(),
  DB_NAME: config.name,
  MODEL_DIR: folder,
});
