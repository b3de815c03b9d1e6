import test, { type ExecutionContext } from 'ava';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { type SignedIn, signIn } from '../../platform/test/helpers/sign-in.ts';
import { UNDO_MINUTES } from '../src/store/marks.ts';
import { startEvents } from './helpers/start-events.ts';

const server = useDatabase(test);
const HOUR = 3_600_000;

interface Page {
  readonly events: { id: number; title: string; savedAt?: string; hiddenAt?: string }[];
  readonly nextCursor: string | null;
}

async function start(t: ExecutionContext) {
  const { call: send, json } = await startEvents(t, server());
  const call = (method: string, path: string, { headers }: Pick<SignedIn, 'headers'>) =>
    send(method, path, headers);
  const saved = ({ headers }: SignedIn, query = '') =>
    json<Page>(`/v1/users/me/saved${query}`, headers);
  const hidden = ({ headers }: SignedIn) => json<Page>('/v1/users/me/hidden', headers);
  return { call, saved, hidden };
}

let made = 0;
const makeEvent = (title: string, inHours = 24) => {
  made += 1;
  return server().insert('events', {
    uid: `saved-${made}`,
    title,
    city: 'Sligo',
    starts_at: new Date(Date.now() + inHours * HOUR),
  });
};

test('saved – an event saved twice – is there once, as of the first time, and gone when unsaved', async (t) => {
  const { call, saved } = await start(t);
  const person = await signIn(server());
  const id = await makeEvent('Seisiún');

  t.is((await call('PUT', `/v1/events/${id}/save`, person)).status, 204);
  const first = await saved(person);
  t.is((await call('PUT', `/v1/events/${id}/save`, person)).status, 204);
  t.deepEqual(await saved(person), first);
  t.deepEqual(
    first.events.map(({ title }) => title),
    ['Seisiún'],
  );

  t.is((await call('DELETE', `/v1/events/${id}/save`, person)).status, 204);
  t.is((await call('DELETE', `/v1/events/${id}/save`, person)).status, 204);
  t.deepEqual((await saved(person)).events, []);
});

test('saved – two people – do not see or end what the other has saved', async (t) => {
  const { call, saved } = await start(t);
  const [one, other] = await Promise.all([signIn(server()), signIn(server())]);
  const id = await makeEvent('Only one of them');
  await call('PUT', `/v1/events/${id}/save`, one);
  await call('DELETE', `/v1/events/${id}/save`, other);

  t.is((await saved(one)).events.length, 1);
  t.is((await saved(other)).events.length, 0);
});

test('saved – more than a page, some at the same moment – each once, the last saved first', async (t) => {
  const { saved } = await start(t);
  const person = await signIn(server());
  const expected: number[] = [];
  for (let i = 0; i < 5; i++) {
    const event_id = await makeEvent(`S${i}`, i === 0 ? -48 : 24);
    const saved_at = new Date(Date.UTC(2026, 0, 1 + Math.floor(i / 2)));
    await server().insert('event_saves', { user_id: person.id, event_id, saved_at });
    expected.unshift(event_id);
  }

  const seen: number[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: Page = await saved(person, `?limit=2${cursor && `&cursor=${cursor}`}`);
    seen.push(...page.events.map(({ id }) => id));
    cursor = page.nextCursor;
  }
  t.deepEqual(seen, expected);
});

test('saved – the number of an event that turned out to be another – means that one', async (t) => {
  const { call, saved } = await start(t);
  const person = await signIn(server());
  const [survivor, merged] = [await makeEvent('One gig'), await makeEvent('One gig, again')];
  await server().admin.query('UPDATE events SET merged_into = ? WHERE id = ?', [survivor, merged]);

  await call('PUT', `/v1/events/${merged}/save`, person);
  t.deepEqual(
    (await saved(person)).events.map(({ id }) => id),
    [survivor],
  );
  await call('DELETE', `/v1/events/${merged}/save`, person);
  t.deepEqual((await saved(person)).events, []);
});

test('saved – an event that was merged into another afterwards – is listed as that one, once, since it was first saved', async (t) => {
  const { saved } = await start(t);
  const person = await signIn(server());
  const [living, former, single] = [
    await makeEvent('The gig as it is known now'),
    await makeEvent('The gig as it was'),
    await makeEvent('Another one'),
  ];
  const save = (event_id: number, day: number) =>
    server().insert('event_saves', {
      ...{ user_id: person.id, event_id, saved_at: new Date(Date.UTC(2026, 0, day)) },
    });
  await save(former, 1);
  await save(single, 2);
  await save(living, 3);
  await server().admin.query('UPDATE events SET merged_into = ? WHERE id = ?', [living, former]);

  const listed = (page: Page) => page.events.map(({ id, title, savedAt }) => [id, title, savedAt]);
  const another = [single, 'Another one', '2026-01-02T00:00:00.000Z'];
  const gig = [living, 'The gig as it is known now', '2026-01-01T00:00:00.000Z'];
  t.deepEqual(listed(await saved(person)), [another, gig]);
  const first = await saved(person, '?limit=1');
  t.deepEqual(listed(first), [another]);
  t.deepEqual(listed(await saved(person, `?limit=1&cursor=${first.nextCursor}`)), [gig]);

  // An admin parts them again: each is what it was.
  await server().admin.query('UPDATE events SET merged_into = NULL WHERE id = ?', [former]);
  t.deepEqual(
    (await saved(person)).events.map(({ id }) => id),
    [living, single, former],
  );
});

for (const by of ['the number that lives', 'its former number'] as const) {
  test(`7.B-18 saved – before a merge, taken off by ${by} and set again – is gone, and then as it was`, async (t) => {
    const { call, saved } = await start(t);
    const person = await signIn(server());
    const [living, former] = [await makeEvent('Now'), await makeEvent('Before')];
    const number = by === 'its former number' ? former : living;
    await server().insert('event_saves', {
      ...{ user_id: person.id, event_id: former, saved_at: new Date(Date.UTC(2026, 0, 1)) },
    });
    await server().admin.query('UPDATE events SET merged_into = ? WHERE id = ?', [living, former]);
    const before = await saved(person);
    t.is(before.events[0]?.id, living);

    t.is((await call('DELETE', `/v1/events/${number}/save`, person)).status, 204);
    t.deepEqual((await saved(person)).events, []);
    t.is((await call('PUT', `/v1/events/${number}/save`, person)).status, 204);

    t.deepEqual(await saved(person), before);
    const [undone] = await server().admin.query('SELECT * FROM event_undone WHERE user_id = ?', [
      person.id,
    ]);
    t.deepEqual(undone, []);
  });
}

test('saved – no token, or no such event – is refused with its reason', async (t) => {
  const { call } = await start(t);
  const id = await makeEvent('Not yours');
  t.is((await call('PUT', `/v1/events/${id}/save`, { headers: {} })).status, 401);
  t.is((await call('GET', '/v1/users/me/saved', { headers: {} })).status, 401);

  const absent = await call('PUT', '/v1/events/999999/save', await signIn(server()));
  t.is(absent.status, 404);
  t.is(((await absent.json()) as { code: string }).code, 'event_not_found');
});

for (const [word, list, at] of [
  ['save', 'saved', 'savedAt'],
  ['hide', 'hidden', 'hiddenAt'],
] as const) {
  const table = `event_${word}s`;
  const path = (id: number) => `/v1/events/${id}/${word}`;

  test(`7.B-18 ${list} – taken off by mistake and set again – is as it was, its time and place too`, async (t) => {
    const { call, ...lists } = await start(t);
    const person = await signIn(server());
    for (let n = 0; n < 3; n++) {
      await server().insert(table, {
        user_id: person.id,
        event_id: await makeEvent(`M${n}`),
        [word === 'save' ? 'saved_at' : 'hidden_at']: new Date(Date.UTC(2026, 0, 1 + n)),
      });
    }
    const before = await lists[list](person);
    const middle = before.events[1];
    t.is(middle?.[at], '2026-01-02T00:00:00.000Z');

    for (const method of ['DELETE', 'DELETE', 'PUT', 'PUT']) {
      t.is((await call(method, path(middle?.id ?? 0), person)).status, 204);
    }

    t.deepEqual(await lists[list](person), before);
    const [undone] = await server().admin.query('SELECT * FROM event_undone WHERE user_id = ?', [
      person.id,
    ]);
    t.deepEqual(undone, [], 'a slip says nothing');
  });

  test(`7.B-18 ${list} – set again much later – is new, and what was taken off is still known`, async (t) => {
    const { call, ...lists } = await start(t);
    const person = await signIn(server());
    const id = await makeEvent('Second thoughts');
    await call('PUT', path(id), person);
    await call('DELETE', path(id), person);
    await server().admin.query(
      `UPDATE event_undone SET since = '2026-01-01', undone_at = NOW(3) - INTERVAL ? MINUTE
       WHERE user_id = ?`,
      [UNDO_MINUTES + 1, person.id],
    );

    await call('PUT', path(id), person);

    const [event] = (await lists[list](person)).events;
    t.true(Date.parse(event?.[at] ?? '') > Date.now() - 60_000);
    const [undone] = await server().admin.query(
      'SELECT event_id, kind FROM event_undone WHERE user_id = ?',
      [person.id],
    );
    t.deepEqual(undone, [{ event_id: id, kind: word }]);
  });

  test(`${list} – twenty requests at once to set and take off – end in one state, and none fails`, async (t) => {
    const { call, ...lists } = await start(t);
    const person = await signIn(server());
    const id = await makeEvent('Nervous');
    const methods = Array.from({ length: 20 }, (_, n) => (n % 2 ? 'PUT' : 'DELETE'));

    const answers = await Promise.all(methods.map((method) => call(method, path(id), person)));

    t.deepEqual([...new Set(answers.map(({ status }) => status))], [204]);
    await call('PUT', path(id), person);
    t.is((await lists[list](person)).events.length, 1);
  });
}

test('hidden – a saved event – stays saved: each mark is for itself', async (t) => {
  const { call, saved, hidden } = await start(t);
  const [person, other] = await Promise.all([signIn(server()), signIn(server())]);
  const id = await makeEvent('Both');
  await call('PUT', `/v1/events/${id}/save`, person);
  await call('PUT', `/v1/events/${id}/hide`, person);

  t.is((await saved(person)).events.length, 1);
  t.is((await hidden(person)).events.length, 1);
  t.is((await hidden(other)).events.length, 0);
  await call('DELETE', `/v1/events/${id}/save`, person);
  t.is((await hidden(person)).events.length, 1);
  t.is((await call('PUT', '/v1/events/999999/hide', person)).status, 404);
  t.is((await call('PUT', `/v1/events/${id}/hide`, { headers: {} })).status, 401);
});
