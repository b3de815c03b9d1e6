import test, { type ExecutionContext } from 'ava';
import {
  testServerConfig,
  testVerifier,
  useDatabase,
} from '../../platform/test/helpers/database.ts';
import { silentLog, startReady } from '../../platform/test/helpers/service.ts';
import { type SignedIn, signIn } from '../../platform/test/helpers/sign-in.ts';
import { createEventsService } from '../src/app.ts';

const server = useDatabase(test);
const HOUR = 3_600_000;

interface Page {
  readonly events: { id: number; title: string; savedAt: string }[];
  readonly nextCursor: string | null;
}

async function start(t: ExecutionContext) {
  const { url } = await startReady(
    t,
    createEventsService(
      {
        ...testServerConfig,
        database: server().config,
        tokens: testVerifier,
        sourcesUrl: null,
        spotify: { clientId: null, clientSecret: null },
      },
      { checkResponses: true, log: silentLog('events-service') },
    ),
  );
  const call = (method: string, path: string, { headers }: Pick<SignedIn, 'headers'>) =>
    fetch(url + path, { method, headers });
  const saved = async (person: SignedIn, query = '') =>
    (await (await call('GET', `/v1/users/me/saved${query}`, person)).json()) as Page;
  return { call, saved };
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

test('saved – no token, or no such event – is refused with its reason', async (t) => {
  const { call } = await start(t);
  const id = await makeEvent('Not yours');
  t.is((await call('PUT', `/v1/events/${id}/save`, { headers: {} })).status, 401);
  t.is((await call('GET', '/v1/users/me/saved', { headers: {} })).status, 401);

  const absent = await call('PUT', '/v1/events/999999/save', await signIn(server()));
  t.is(absent.status, 404);
  t.is(((await absent.json()) as { code: string }).code, 'event_not_found');
});
