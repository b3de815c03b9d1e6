import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import type { RowDataPacket } from 'mysql2/promise';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { signIn } from '../../platform/test/helpers/sign-in.ts';
import { assign } from '../src/store/experiments.ts';
import { type List, makeEvent, modelFolder, startMl, trainOnce } from './helpers/start-ml.ts';

// What went wrong in the service that this one takes the place of, by the numbers of its list.
const server = useDatabase(test);
type Problem = { readonly code: string; readonly errors?: { readonly field: string }[] };

async function world() {
  const ids: Record<string, number> = {};
  for (const genre of ['folk', 'jazz', 'house', 'techno'] as const) {
    for (const n of [1, 2, 3]) {
      const title = `${genre} ${n}`;
      ids[title] = await makeEvent(server(), `${title} ${Math.random()}`, { genre, days: 4 + n });
    }
  }
  return ids;
}

const titlesOf = ({ recommendations }: List) =>
  recommendations.map(({ event }) => event.title.split(' ').slice(0, 2).join(' '));

test.afterEach.always(async () => {
  const { admin } = server();
  await admin.query('DELETE FROM model_service');
  for (const table of ['experiments', 'feedback', 'event_saves', 'events']) {
    await admin.query('DELETE FROM ??', [table]);
  }
});

test.serial(
  '7.E-1, 7.E-2, 7.E-3 – saves of one genre, a training – its own person is found, and content counts',
  async (t) => {
    const ids = await world();
    const folder = await modelFolder(t);
    const person = await signIn(server());
    for (const n of [1, 2]) {
      await server().insert('event_saves', { user_id: person.id, event_id: ids[`jazz ${n}`] });
    }
    const trained = await trainOnce(server(), folder);
    t.true(trained.accepted);

    const { list } = await startMl(t, server(), folder);
    const own = await list(person.headers, { limit: 3 });
    t.is(own.modelVersion, trained.version);
    t.is(titlesOf(own)[0], 'jazz 3');
    const anonymous = await list({}, { limit: 3 });
    t.not(titlesOf(anonymous)[0], 'jazz 3');
  },
);

test.serial(
  '7.E-3 – an artist of a saved gig – leads to another gig of that artist, and is the reason',
  async (t) => {
    const ids = await world();
    const { insert } = server();
    const person = await signIn(server());
    const artist_id = await insert('artists', { slug: 'lankum', name: 'Lankum' });
    for (const title of ['folk 1', 'house 3']) {
      await insert('event_artists', { event_id: ids[title], artist_id, position: 1 });
    }
    await insert('event_saves', { user_id: person.id, event_id: ids['folk 1'] });
    const folder = await modelFolder(t);
    await trainOnce(server(), folder);
    const { list } = await startMl(t, server(), folder);
    const { recommendations } = await list(person.headers, { limit: 20 });

    const house = recommendations.filter(({ event }) => event.title.startsWith('house'));
    t.is(house[0]?.event.id, ids['house 3']);
    t.is(house[0]?.reason, 'You liked Lankum before');
  },
);

test.serial(
  '7.E-4 – saved, hidden, over, cancelled – none is recommended; saves and hides taken back are',
  async (t) => {
    const ids = await world();
    const person = await signIn(server());
    const over = await makeEvent(server(), 'over', { genre: 'jazz', days: -1 });
    const off = await makeEvent(server(), 'off', { genre: 'jazz', more: { status: 'cancelled' } });
    const gone = await makeEvent(server(), 'gone', { more: { withdrawn_at: new Date() } });
    const { list, call } = await startMl(t, server(), await modelFolder(t));
    const say = (action: string, title: string) =>
      call('POST', '/v1/feedback', person.headers, { eventId: ids[title], action });
    await server().insert('event_saves', { user_id: person.id, event_id: ids['folk 1'] });
    await say('save', 'jazz 1');
    await say('hide', 'jazz 2');
    await say('save', 'jazz 3');
    await say('unsave', 'jazz 3');

    const shown = await list(person.headers, { limit: 100 });
    const found = shown.recommendations.map(({ event }) => event.id);
    t.false(
      [ids['folk 1'], ids['jazz 1'], ids['jazz 2'], over, off, gone].some((id) =>
        found.includes(id ?? 0),
      ),
    );
    t.true(found.includes(ids['jazz 3'] ?? 0));
    t.is(found.length, new Set(found).size);
    await server().admin.query("UPDATE events SET status = 'cancelled' WHERE id = ?", [found[0]]);
    const next = await list(person.headers, { limit: 100 });
    t.not(next.recommendations[0]?.event.id, found[0]);
  },
);

test.serial(
  '7.E-4 – saved or hidden under a number that was merged away – is not recommended under the one that lives',
  async (t) => {
    const ids = await world();
    const person = await signIn(server());
    const merge = (title: string, into: string) =>
      server().admin.query('UPDATE events SET merged_into = ? WHERE id = ?', [
        ids[into],
        ids[title],
      ]);
    const { insert } = server();
    await insert('event_saves', { user_id: person.id, event_id: ids['folk 1'] });
    await insert('event_hides', { user_id: person.id, event_id: ids['jazz 1'] });
    const { list } = await startMl(t, server(), await modelFolder(t));
    const before = titlesOf(await list(person.headers, { limit: 100 }));
    t.true(before.includes('folk 2') && before.includes('jazz 2'));

    await merge('folk 1', 'folk 2');
    await merge('jazz 1', 'jazz 2');
    const after = titlesOf(await list(person.headers, { limit: 100 }));
    t.deepEqual(before.filter((title) => !after.includes(title)).toSorted(), ['folk 2', 'jazz 2']);
  },
);

test.serial(
  '7.E-5 – clicks and thumbs – are kept as they were said and change the list',
  async (t) => {
    const ids = await world();
    const folder = await modelFolder(t);
    const person = await signIn(server());
    await server().insert('event_saves', { user_id: person.id, event_id: ids['folk 1'] });
    await trainOnce(server(), folder);
    const { list, call } = await startMl(t, server(), folder);
    const before = await list(person.headers, { limit: 12 });
    for (const [title, action] of [
      ['techno 1', 'up'],
      ['techno 2', 'click'],
      ['folk 2', 'down'],
      ['folk 3', 'down'],
    ] as const) {
      const said = { eventId: ids[title], action };
      t.is((await call('POST', '/v1/feedback', person.headers, said)).status, 201);
    }

    const after = await list(person.headers, { limit: 12 });
    t.is(titlesOf(before)[0]?.split(' ')[0], 'folk');
    t.is(titlesOf(after)[0]?.split(' ')[0], 'techno');
    const [rows] = await server().admin.query<RowDataPacket[]>(
      'SELECT action FROM feedback ORDER BY id',
    );
    t.deepEqual(
      rows.map(({ action }) => action),
      ['up', 'click', 'down', 'down'],
    );
  },
);

test.serial(
  '7.E-6 – an experiment – stable, independent of others, counted, no rate above 1',
  async (t) => {
    await world();
    const admin = await signIn(server(), 'admin');
    const person = await signIn(server());
    const variants = [
      { name: 'model', share: 3, ranking: 'model' },
      { name: 'popular', share: 1, ranking: 'popularity' },
    ] as const;
    const folder = await modelFolder(t);
    const first = await startMl(t, server(), folder);
    const begun = await first.call('PUT', '/v1/experiments/one', admin.headers, { variants });
    t.is(begun.status, 201);
    t.is((await first.call('PUT', '/v1/experiments/one', admin.headers, { variants })).status, 409);
    const { list, call } = await startMl(t, server(), folder);
    const shown = await Promise.all([1, 2, 3].map(() => list(person.headers, { limit: 3 })));
    t.is(new Set(shown.map(({ variant }) => variant)).size, 1);
    t.true(shown.every(({ experiment }) => experiment === 'one'));
    t.is((await list({}, { limit: 3 })).variant, null);
    const [{ exposureId, recommendations }] = shown as [List];
    for (const action of ['click', 'click', 'save', 'save']) {
      const eventId = recommendations[0]?.event.id;
      await call('POST', '/v1/feedback', person.headers, { eventId, action, exposureId });
    }
    type Results = { variants: Record<string, unknown>[] };
    const { body } = await call<Results>('GET', '/v1/experiments/one/results', admin.headers);
    const own = body.variants.find(({ name }) => name === shown[0]?.variant);
    t.like(own, { people: 1, exposures: 3, clickRate: 1 / 3, saveRate: 1 / 3 });
    t.is((await call('GET', '/v1/experiments/none/results', admin.headers)).status, 404);

    const share = (id: string) => {
      const experiment = { id, variants, state: 'running' } as const;
      return Array.from({ length: 4000 }, (_, user) => assign(experiment, user)?.name === 'model');
    };
    const [one, two] = [share('one'), share('two')];
    const part = (list: boolean[]) => list.filter(Boolean).length / list.length;
    t.true(Math.abs(part(one) - 0.75) < 0.03);
    t.true(Math.abs(part(one.filter((_, i) => two[i])) - 0.75) < 0.03);
  },
);

test.serial(
  '7.E-7, 7.E-13 – two trainings, a restart – new versions with true figures in small files that stay',
  async (t) => {
    const ids = await world();
    const folder = await modelFolder(t);
    const admin = await signIn(server(), 'admin');
    const person = await signIn(server());
    for (const n of [1, 2, 3]) {
      await server().insert('event_saves', { user_id: person.id, event_id: ids[`jazz ${n}`] });
    }
    const one = await trainOnce(server(), folder);
    const two = await trainOnce(server(), folder, () => new Date(Date.now() + 1_000));
    t.not(one.version, two.version);

    const { call, list } = await startMl(t, server(), folder);
    type Models = { inService: string; models: Record<string, unknown>[] };
    const { body } = await call<Models>('GET', '/v1/models', admin.headers);
    t.is(body.inService, two.version);
    t.like(body.models[0], {
      version: two.version,
      actions: 3,
      people: 1,
      commit: `${'a'.repeat(40)}-dirty`,
    });
    t.like(body.models[0]?.figures, { model: { people: 1 }, inService: { people: 1 } });
    t.is((await list(person.headers)).modelVersion, two.version);
    for (const name of await readdir(folder))
      t.true((await stat(join(folder, name))).size < 20_000);
  },
);

test.serial(
  '7.E-8 – scores of any list – are on one scale, and of an event the same in every list',
  async (t) => {
    const ids = await world();
    const folder = await modelFolder(t);
    const person = await signIn(server());
    await server().insert('event_saves', { user_id: person.id, event_id: ids['jazz 1'] });
    await trainOnce(server(), folder);
    const { list } = await startMl(t, server(), folder);
    const long = await list(person.headers, { limit: 100 });
    const short = await list(person.headers, { limit: 3, city: 'cork' });

    const scores = long.recommendations.map(({ score }) => score);
    t.true(scores.every((it) => it > 0 && it < 1));
    t.deepEqual(
      scores,
      [...scores].sort((a, b) => b - a),
    );
    for (const { event, score } of short.recommendations) {
      const same = long.recommendations.find((it) => it.event.id === event.id);
      t.true(Math.abs((same?.score ?? 0) - score) < 1e-3);
    }
  },
);

test.serial(
  '7.E-9 – a new model – is taken without a restart; the way back is one call',
  async (t) => {
    const ids = await world();
    const folder = await modelFolder(t);
    const admin = await signIn(server(), 'admin');
    const person = await signIn(server());
    await server().insert('event_saves', { user_id: person.id, event_id: ids['jazz 1'] });
    const one = await trainOnce(server(), folder);
    const two = await trainOnce(server(), folder, () => new Date(Date.now() + 1_000));
    const { call, list } = await startMl(t, server(), folder);
    const key = { 'idempotency-key': 'way-back-1' };
    type Back = { inService: string };
    const back = () => call<Back>('POST', '/v1/models/rollback', { ...admin.headers, ...key }, {});

    t.is((await list()).modelVersion, two.version);
    t.is((await back()).body.inService, one.version);
    t.is((await back()).body.inService, one.version, 'said twice is done once');
    t.is((await list()).modelVersion, one.version);
    const forth = await call<Back>('POST', '/v1/models/rollback', admin.headers, {
      version: two.version,
    });
    t.is(forth.body.inService, two.version);
    t.is((await list()).modelVersion, two.version);
    const unknown = await call<Problem>('POST', '/v1/models/rollback', admin.headers, {
      version: 'x',
    });
    t.is(unknown.status, 404);
    t.is(unknown.body.code, 'unknown_model');
  },
);

test.serial(
  '7.E-10, 7.E-11 – taste told by the client, wrong limits and dates – one clear 400 each',
  async (t) => {
    const { call } = await startMl(t, server(), await modelFolder(t));
    for (const [body, field] of [
      [{ context: { genres: ['techno'] } }, 'body'],
      [{ limit: -5 }, 'body.limit'],
      [{ limit: 0 }, 'body.limit'],
      [{ limit: 101 }, 'body.limit'],
      [{ limit: '20' }, 'body.limit'],
      [{ limit: 1.5 }, 'body.limit'],
      [{ from: '2030-01-02T00:00:00Z', to: '2030-01-01T00:00:00Z' }, 'body.to'],
      [{ from: 'tonight' }, 'body.from'],
      [{ city: '' }, 'body.city'],
    ] as const) {
      const { status, body: problem } = await call<Problem>(
        'POST',
        '/v1/recommendations',
        {},
        body,
      );
      t.is(status, 400);
      t.is(problem.code, 'invalid_request');
      t.true(problem.errors?.[0]?.field.startsWith(field), JSON.stringify(problem));
    }
  },
);

test.serial('7.E-12 – all fields that are promised – are there and true', async (t) => {
  const ids = await world();
  const folder = await modelFolder(t);
  const { insert } = server();
  const person = await signIn(server());
  await insert('user_preferences', {
    ...{ user_id: person.id, genres: '["techno"]', cities: '["Cork"]', artists: '[]' },
    ...{ venues: '[]', djs: '[]', nights: '[]', updated_at: new Date() },
  });
  await insert('event_saves', { user_id: person.id, event_id: ids['house 1'] });
  await trainOnce(server(), folder);
  const { list } = await startMl(t, server(), folder);
  const { confidence, recommendations } = await list(person.headers, { limit: 6 });

  t.is(confidence, 'low', 'nothing was held out, so nothing is proven');
  const techno = recommendations.find(({ event }) => event.title.startsWith('techno'));
  t.true(techno?.reasons.some(({ name, because }) => name === 'Techno' && because === 'chosen'));
  t.true(recommendations.every(({ reason }) => reason === null || reason.length > 5));
});

test.serial('7.A-9 – tokens without a signature, a user in the body – open nothing', async (t) => {
  const { call } = await startMl(t, server(), await modelFolder(t));
  const person = await signIn(server());
  const part = (it: object) => Buffer.from(JSON.stringify(it)).toString('base64url');
  const forged = `${part({ alg: 'none', typ: 'at+jwt' })}.${part({ sub: String(person.id) })}.`;
  const [head, , signature] = person.token.split('.');
  const changed = `${head}.${part({ sub: '1' })}.${signature}`;
  for (const token of [forged, changed, 'nonsense']) {
    const headers = { authorization: `Bearer ${token}` };
    t.is((await call('POST', '/v1/recommendations', headers, {})).status, 401);
    t.is((await call('POST', '/v1/feedback', headers, { eventId: 1, action: 'save' })).status, 401);
  }
  for (const body of [{ user_id: person.id }, { userId: person.id }]) {
    t.is((await call('POST', '/v1/recommendations', person.headers, body)).status, 400);
    const feedback = { eventId: 1, action: 'save', ...body };
    t.is((await call('POST', '/v1/feedback', person.headers, feedback)).status, 400);
  }
});

test.serial(
  '7.A-10 – routes of admins, unknown events and actions – need the role, and are refused',
  async (t) => {
    const ids = await world();
    const { call } = await startMl(t, server(), await modelFolder(t));
    const person = await signIn(server());
    const organizer = await signIn(server(), 'organizer');
    const admin = await signIn(server(), 'admin');
    for (const [method, path, body] of [
      ['GET', '/v1/models'],
      ['POST', '/v1/models/train'],
      ['POST', '/v1/models/rollback', {}],
      ['GET', '/v1/experiments'],
      ['PUT', '/v1/experiments/x', {}],
      ['PATCH', '/v1/experiments/x', {}],
      ['GET', '/v1/experiments/x/results'],
    ] as const) {
      t.is((await call(method, path, {}, body)).status, 401);
      for (const { headers } of [person, organizer]) {
        t.is((await call(method, path, headers, body)).status, 403);
      }
    }
    const asked = await call<{ request: number }>('POST', '/v1/models/train', admin.headers);
    t.is(asked.status, 202);
    t.deepEqual(await call('POST', '/v1/models/train', admin.headers), asked);

    const say = (body: object) => call<Problem>('POST', '/v1/feedback', person.headers, body);
    t.like(await say({ eventId: 4_000_000_000, action: 'save' }), { status: 404 });
    t.is((await say({ eventId: 4_000_000_000, action: 'save' })).body.code, 'unknown_event');
    t.is((await say({ eventId: ids['folk 1'], action: 'love' })).status, 400);
    const strange = { eventId: ids['folk 1'], action: 'click', exposureId: 'a'.repeat(22) };
    t.is((await say(strange)).body.errors?.[0]?.field, 'body.exposureId');
  },
);
