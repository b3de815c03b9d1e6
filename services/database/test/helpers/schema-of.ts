import type { Connection, RowDataPacket } from 'mysql2/promise';

/** The tables that migrations made, as the server tells them, without what running has changed. */
export async function schemaOf(connection: Connection): Promise<string> {
  const [tables] = await connection.query<RowDataPacket[]>(
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()
       AND table_name <> 'whatsthecraic_local' ORDER BY table_name`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const [rows] = await connection.query<RowDataPacket[]>(`SHOW CREATE TABLE ${name}`);
    texts.push(`${String(rows[0]?.['Create Table']).replace(/ AUTO_INCREMENT=\d+/, '')};\n`);
  }
  return texts.join('\n');
}
