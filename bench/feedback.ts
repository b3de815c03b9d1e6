import test from 'ava';
import type { RowDataPacket } from 'mysql2/promise';
import { makeEvent, modelFolder, startMl } from '../services/ml-service/test/helpers/start-ml.ts';
import { useDatabase } from '../services/platform/test/helpers/database.ts';
import { signIn } from '../services/platform/test/helpers/sign-in.ts';

/** Ten thousand feedback events, all of them twice, by 16 at once: `ava bench/feedback.ts`. */
const PEOPLE = 100;
const EVENTS = 100;
const server = useDatabase(test);

test('ten thousand feedback events, said twice – are ten thousand rows', async (t) => {
  t.timeout(600_000);
  const events: number[] = [];
  for (let n = 0; n < EVENTS; n++) events.push(await makeEvent(server(), `gig ${n}`));
  const people = [];
  for (let n = 0; n < PEOPLE; n++) people.push(await signIn(server()));
  const { call } = await startMl(t, server(), await modelFolder(t));
  const all = people.flatMap((person) => events.map((eventId) => ({ person, eventId })));
  const sayAll = async () => {
    const waiting = [...all];
    const statuses = new Map<number, number>();
    const began = performance.now();
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        for (let it = waiting.pop(); it; it = waiting.pop()) {
          const { person, eventId } = it;
          const headers = {
            ...person.headers,
            'idempotency-key': `feedback-of-${person.id}-on-${eventId}`,
          };
          const said = { eventId, action: 'save' };
          const { status } = await call('POST', '/v1/feedback', headers, said);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
        }
      }),
    );
    t.log(Object.fromEntries(statuses), `${((performance.now() - began) / 1000).toFixed(1)} s`);
    return statuses;
  };

  t.deepEqual([...(await sayAll())], [[201, all.length]]);
  t.deepEqual([...(await sayAll())], [[201, all.length]]);
  const [rows] = await server().admin.query<RowDataPacket[]>('SELECT COUNT(*) AS n FROM feedback');
  t.is(Number(rows[0]?.n), 10_000);
});
