import test from 'ava';
import type { RowDataPacket } from 'mysql2/promise';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { signIn } from '../../platform/test/helpers/sign-in.ts';
import { makeEvent, modelFolder, startMl } from './helpers/start-ml.ts';

const server = useDatabase(test);

async function count(): Promise<number> {
  const [rows] = await server().admin.query<RowDataPacket[]>('SELECT COUNT(*) AS n FROM feedback');
  return Number(rows[0]?.n);
}

test.serial('feedback – said by four at once and all of it twice – is kept once', async (t) => {
  const events = await Promise.all(
    Array.from({ length: 25 }, (_, n) => makeEvent(server(), `gig ${n}`)),
  );
  const people = await Promise.all([1, 2, 3, 4].map(() => signIn(server())));
  const { call } = await startMl(t, server(), await modelFolder(t));
  const sayAll = () =>
    Promise.all(
      people.map(async ({ headers, id }) => {
        const ids: number[] = [];
        for (const eventId of events) {
          const key = { 'idempotency-key': `person-${id}-${eventId}` };
          const body = { eventId, action: 'save' };
          const { status, body: kept } = await call<{ id: number }>(
            ...(['POST', '/v1/feedback', { ...headers, ...key }, body] as const),
          );
          t.is(status, 201);
          ids.push(kept.id);
        }
        return ids;
      }),
    );

  const [first, second] = await Promise.all([sayAll(), sayAll()]);
  t.deepEqual(second, first);
  t.is(await count(), 100);
});

test.serial(
  'feedback – without a key – a state is kept when it changes, a click once for a list',
  async (t) => {
    await server().admin.query('DELETE FROM feedback');
    const eventId = await makeEvent(server(), 'gig');
    const { headers } = await signIn(server());
    const { call, list } = await startMl(t, server(), await modelFolder(t));
    const say = async (action: string, exposureId?: string | null) => {
      const body = { eventId, action, ...(exposureId ? { exposureId } : {}) };
      t.is((await call('POST', '/v1/feedback', headers, body)).status, 201);
    };
    for (const action of ['save', 'save', 'unsave', 'unsave', 'save', 'click', 'click']) {
      await say(action);
    }
    t.is(await count(), 4);
    const { exposureId } = await list({}, { limit: 100 });
    await say('click', exposureId);
    await say('click', exposureId);
    t.is(await count(), 5);
  },
);

test.serial('feedback – the same key for something else – 422', async (t) => {
  const [one, two] = await Promise.all([makeEvent(server(), 'one'), makeEvent(server(), 'two')]);
  const { headers } = await signIn(server());
  const { call } = await startMl(t, server(), await modelFolder(t));
  const keyed = { ...headers, 'idempotency-key': 'only-one' };
  await call('POST', '/v1/feedback', keyed, { eventId: one, action: 'save' });
  const again = await call('POST', '/v1/feedback', keyed, { eventId: two, action: 'save' });

  t.is(again.status, 422);
});
