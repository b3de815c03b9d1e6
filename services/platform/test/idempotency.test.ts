import test from 'ava';
import { openDatabase } from '../src/database.ts';
import { forgetOldKeys, once } from '../src/idempotency.ts';
import { useDatabase } from './helpers/database.ts';
import { silentLog } from './helpers/service.ts';

const server = useDatabase(test);
const text = { parse: (value: unknown) => String(value) };

function open(t: { teardown(end: () => Promise<void>): void }) {
  const database = openDatabase({ config: server().config, log: silentLog('test') });
  t.teardown(() => database.close());
  return (owner: string, key: string | undefined, request: unknown, work: () => Promise<string>) =>
    database.transaction((queries) =>
      once(queries, { owner, operation: 'test', key, request }, text, work),
    );
}

test('once – the same key again – does the work once and gives the first answer', async (t) => {
  const run = open(t);
  let done = 0;
  const work = async () => `work ${++done}`;

  t.deepEqual(await run('a', 'key-of-a-client', { n: 1 }, work), {
    value: 'work 1',
    replayed: false,
  });
  t.deepEqual(await run('a', 'key-of-a-client', { n: 1 }, work), {
    value: 'work 1',
    replayed: true,
  });
  t.is((await run('b', 'key-of-a-client', { n: 1 }, work)).value, 'work 2', 'of somebody else');
  t.is((await run('a', undefined, { n: 1 }, work)).value, 'work 3', 'without a key');
  await t.throwsAsync(run('a', 'key-of-a-client', { n: 2 }, work), {
    code: 'idempotency_key_reused',
  });
});

test('once – work that fails – leaves the key for another try', async (t) => {
  const run = open(t);
  await t.throwsAsync(
    run('f', 'key-of-a-client', 1, async () => {
      throw new Error('no room');
    }),
    { message: 'no room' },
  );

  t.deepEqual(await run('f', 'key-of-a-client', 1, async () => 'done'), {
    value: 'done',
    replayed: false,
  });
});

test('once – a key that is past – is a new one, and is forgotten with others', async (t) => {
  const run = open(t);
  await run('p', 'key-of-a-client', 1, async () => 'before');
  await server().admin.query(
    "UPDATE idempotency_keys SET expires_at = NOW(3) - INTERVAL 1 DAY WHERE owner = 'p'",
  );
  t.deepEqual(await run('p', 'key-of-a-client', 2, async () => 'after'), {
    value: 'after',
    replayed: false,
  });
  t.true((await run('p', 'key-of-a-client', 2, async () => 'again')).replayed);

  await server().admin.query(
    "UPDATE idempotency_keys SET expires_at = NOW(3) - INTERVAL 1 DAY WHERE owner = 'p'",
  );
  const database = openDatabase({ config: server().config, log: silentLog('test') });
  t.teardown(() => database.close());
  await forgetOldKeys(database);
  const [rows] = await server().admin.query("SELECT 1 FROM idempotency_keys WHERE owner = 'p'");
  t.deepEqual(rows, []);
});
