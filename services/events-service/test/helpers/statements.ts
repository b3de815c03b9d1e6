import type { RowDataPacket } from 'mysql2/promise';
import type { TestDatabase } from '../../../platform/test/helpers/database.ts';

/** What is asked of the database while `work` is done, by whoever is no administrator: from the server's own log. */
export async function statementsOf(
  { admin, config }: TestDatabase,
  work: () => Promise<unknown>,
): Promise<string[]> {
  await admin.query("SET GLOBAL log_output = 'TABLE'");
  await admin.query('TRUNCATE TABLE mysql.general_log');
  await admin.query('SET GLOBAL general_log = 1');
  try {
    await work();
  } finally {
    await admin.query('SET GLOBAL general_log = 0');
  }
  const [rows] = await admin.query<RowDataPacket[]>(
    `SELECT CONVERT(argument USING utf8mb4) AS statement FROM mysql.general_log
     WHERE command_type IN ('Query', 'Execute') AND user_host LIKE CONCAT(?, '[%')`,
    [config.user],
  );
  return rows
    .map(({ statement }) => String(statement).trim())
    .filter((statement) => !/^(?:SET|BEGIN|START|COMMIT|ROLLBACK|SELECT 1\b)/i.test(statement));
}
