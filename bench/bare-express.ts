import { readFileSync } from 'node:fs';
import express from 'express';
import { createPool } from 'mysql2/promise';

/**
 * What the services are measured beside: express and mysql2 with nothing between them. Runs the
 * statements of the file that it is given, one after the other, and answers with all their rows.
 */
const statements = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}[];
const { DB_HOST, DB_PORT, DB_USER, DB_PASSWORD, DB_NAME } = process.env;
const pool = createPool({
  ...{ host: DB_HOST ?? '', port: Number(DB_PORT), user: DB_USER ?? '' },
  ...{ password: DB_PASSWORD ?? '', database: DB_NAME ?? '', connectionLimit: 6, timezone: 'Z' },
});

const app = express();
app.get('/', async (_req, res) => {
  const rows: unknown[] = [];
  for (const { sql, values } of statements) {
    const asked = values.length > 0 ? pool.execute(sql, [...values]) : pool.query(sql);
    rows.push((await asked)[0]);
  }
  res.json(rows);
});
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  console.log(typeof address === 'object' ? address?.port : address);
});
