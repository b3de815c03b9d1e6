import { openDatabase } from '@whatsthecraic/platform/database';
import test from 'ava';
import type { RowDataPacket } from 'mysql2/promise';
import { startEvents } from '../../events-service/test/helpers/start-events.ts';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { silentLog } from '../../platform/test/helpers/service.ts';
import { signIn } from '../../platform/test/helpers/sign-in.ts';
import { standing } from '../src/model/standing.ts';
import { actionsOf } from '../src/store/actions.ts';
import { readHistory } from '../src/training/read-history.ts';
import { makeEvent, modelFolder, startMl } from './helpers/start-ml.ts';

const server = useDatabase(test);

test.afterEach.always(async () => {
  for (const table of ['feedback', 'event_saves', 'event_hides', 'event_undone', 'events']) {
    await server().admin.query('DELETE FROM ??', [table]);
  }
});

/** What training reads of a person, as it stands. */
async function known(user: number) {
  const log = silentLog('test');
  const database = openDatabase({ config: server().config, log, connections: 1 });
  try {
    const { actions } = await readHistory(database);
    const own = standing([...actions].filter((it) => it.user === user));
    const served = await actionsOf(database, user);
    const said = (list: typeof served) =>
      list.map(({ event, kind, position }) => `${kind} ${event} ${position ?? '-'}`).toSorted();
    return { training: said(own), serving: said(served) };
  } finally {
    await database.close();
  }
}

test.serial(
  'signals – saved, taken back, hidden and shown again at events-service – reach training and the list',
  async (t) => {
    const ids = await Promise.all(
      ['a', 'b', 'c', 'd'].map((title) => makeEvent(server(), title, { genre: 'jazz' })),
    );
    const [a = 0, b = 0, c = 0, d = 0] = ids;
    const person = await signIn(server());
    const events = await startEvents(t, server());
    const ml = await startMl(t, server(), await modelFolder(t));
    const say = async (method: string, id: number, mark: string) =>
      t.true((await events.call(method, `/v1/events/${id}/${mark}`, person.headers)).ok);
    const listed = async () => {
      const { recommendations } = await ml.list(person.headers, { limit: 100 });
      return recommendations.map(({ event }) => event.id).toSorted((x, y) => x - y);
    };

    await say('PUT', a, 'save');
    await say('PUT', b, 'hide');
    await say('PUT', c, 'save');
    await say('PUT', d, 'hide');
    t.deepEqual(await listed(), []);
    await say('DELETE', c, 'save');
    await say('DELETE', d, 'hide');
    t.deepEqual(await listed(), [c, d]);
    const expected = [`hide ${b} -`, `save ${a} -`, `unhide ${d} -`, `unsave ${c} -`];
    t.deepEqual(await known(person.id), { training: expected, serving: expected });

    // Taken back there what was said here: the last word counts, wherever it was said.
    const feedback = { eventId: c, action: 'save' };
    t.is((await ml.call('POST', '/v1/feedback', person.headers, feedback)).status, 201);
    t.deepEqual(await listed(), [d]);
    await say('PUT', c, 'save');
    await say('DELETE', c, 'save');
    t.deepEqual(await listed(), [c, d]);
  },
);

test.serial(
  'signals – clicks, calendar downloads, thumbs, choices – reach training with their places',
  async (t) => {
    for (const title of ['a', 'b', 'c', 'd']) {
      await makeEvent(server(), title, { genre: 'folk', days: title.charCodeAt(0) - 90 });
    }
    const person = await signIn(server());
    await server().insert('user_preferences', {
      ...{ user_id: person.id, genres: '["folk"]', cities: '["Cork"]', artists: '[]' },
      ...{ venues: '[]', djs: '[]', nights: '[]', updated_at: new Date() },
    });
    const { list, call } = await startMl(t, server(), await modelFolder(t));
    const { recommendations, exposureId } = await list(person.headers, { limit: 4 });
    const [first = 0, second = 0, third = 0, fourth = 0] = recommendations.map((it) => it.event.id);
    for (const [eventId, action] of [
      [first, 'up'],
      [second, 'click'],
      [third, 'calendar'],
      [fourth, 'down'],
      // Changed one's mind about the first.
      [first, 'down'],
      [first, 'up'],
    ] as const) {
      const said = { eventId, action, exposureId };
      t.is((await call('POST', '/v1/feedback', person.headers, said)).status, 201);
    }
    const expected = [
      `calendar ${third} 3`,
      `click ${second} 2`,
      `down ${fourth} 4`,
      `up ${first} 1`,
    ];
    t.deepEqual(await known(person.id), { training: expected, serving: expected });
    const log = silentLog('test');
    const database = openDatabase({ config: server().config, log, connections: 1 });
    const { choices } = await readHistory(database);
    await database.close();
    t.like(choices.get(person.id), { genres: ['folk'], cities: ['Cork'] });
    const [rows] = await server().admin.query<RowDataPacket[]>(
      'SELECT COUNT(*) AS n FROM feedback WHERE exposure_id = ?',
      [exposureId],
    );
    t.is(Number(rows[0]?.n), 6);
  },
);

test('standing – said twice, taken back, said again – the first of the last run', (t) => {
  const say = (kind: 'save' | 'unsave' | 'click', at: number) => ({ event: 1, kind, at });
  const of = (...actions: ReturnType<typeof say>[]) =>
    standing(actions).map(({ kind, at }) => `${kind} ${at}`);

  t.deepEqual(of(say('save', 1), say('save', 2)), ['save 1']);
  t.deepEqual(of(say('unsave', 3), say('save', 1)), ['unsave 3']);
  t.deepEqual(of(say('save', 1), say('unsave', 2), say('save', 3)), ['save 3']);
  t.deepEqual(of(say('click', 1), say('click', 2), say('save', 3)), [
    'click 1',
    'click 2',
    'save 3',
  ]);
});
