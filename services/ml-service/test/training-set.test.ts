import { type Database, openDatabase, type Queries } from '@whatsthecraic/platform/database';
import test from 'ava';
import type { RowDataPacket } from 'mysql2/promise';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { silentLog } from '../../platform/test/helpers/service.ts';
import { signIn } from '../../platform/test/helpers/sign-in.ts';
import { createCatalogue } from '../src/recommend/catalogue.ts';
import { actionsOf } from '../src/store/actions.ts';
import { choicesOf } from '../src/store/canonical.ts';
import { readHistory, TRAINING_TABLES } from '../src/training/read-history.ts';
import { makeEvent } from './helpers/start-ml.ts';

const server = useDatabase(test);
const MUSIC_SERVICES = /spotify|soundcloud|youtube|mixcloud|taste/i;

/** The tables of every statement that goes through it. */
function watched(database: Database): { database: Database; tables: Set<string> } {
  const tables = new Set<string>();
  const note = (sql: string) => {
    for (const [, table] of sql.matchAll(/\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z_]+)/gi)) {
      if (table) tables.add(table);
    }
  };
  const noting: Queries = {
    query: (sql, values, row) => {
      note(sql);
      return database.query(sql, values, row);
    },
    search: (sql, values, row) => {
      note(sql);
      return database.search(sql, values, row);
    },
    run: (sql, values) => {
      note(sql);
      return database.run(sql, values);
    },
  };
  return { database: { ...database, ...noting }, tables };
}

test('training set – all that is read, for training and for a list – comes from no music service', async (t) => {
  const { config, insert, admin } = server();
  const person = await signIn(server());
  const event = await makeEvent(server(), 'gig', { genre: 'jazz' });
  await insert('event_saves', { user_id: person.id, event_id: event });
  await insert('feedback', {
    ...{ user_id: person.id, event_id: event, action: 'click', at: new Date() },
  });
  const pool = openDatabase({ config, log: silentLog('test'), connections: 1 });
  t.teardown(() => pool.close());
  const { database, tables } = watched(pool);

  const history = await readHistory(database);
  t.is(history.actions.length, 2);
  t.deepEqual([...tables].sort(), [...TRAINING_TABLES].sort());
  await createCatalogue(database, () => new Date()).refresh();
  await actionsOf(database, person.id);
  await choicesOf(database, person.id);
  t.deepEqual([...tables].filter((it) => it !== 'done').sort(), [...TRAINING_TABLES].sort());

  t.false(TRAINING_TABLES.some((it) => MUSIC_SERVICES.test(it)));
  const [columns] = await admin.query<RowDataPacket[]>(
    `SELECT CONCAT(table_name, '.', column_name) AS name FROM information_schema.columns
     WHERE table_schema = DATABASE() AND table_name IN (?)`,
    [[...TRAINING_TABLES]],
  );
  t.true(columns.length > 30);
  t.deepEqual(
    columns.map(({ name }) => String(name)).filter((it) => MUSIC_SERVICES.test(it)),
    [],
  );
});
