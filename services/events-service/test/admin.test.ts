import test, { type ExecutionContext } from 'ava';
import { openDatabase } from '../../platform/src/database.ts';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { silentLog } from '../../platform/test/helpers/service.ts';
import { signIn } from '../../platform/test/helpers/sign-in.ts';
import type { SourceEvent } from '../src/canonical/source-event.ts';
import { isDue } from '../src/ingestion/due.ts';
import { canonicalise } from '../src/store/canonicalise.ts';
import { saveRecords } from '../src/store/source-records.ts';
import { createSourceStates, GATE } from '../src/store/source-states.ts';
import { sourceEvent } from './helpers/source-events.ts';
import { type Headers, startEvents } from './helpers/start-events.ts';

const server = useDatabase(test);
const HOUR_MS = 3_600_000;
const startsAt = new Date(Math.ceil(Date.now() / HOUR_MS) * HOUR_MS + 480 * HOUR_MS);

interface Row {
  readonly id: number;
  readonly eventId: number;
  readonly source: string;
}
interface Explained {
  readonly eventId: number;
  readonly rows: Row[];
  readonly near: Row[];
  readonly pairs: {
    points: number;
    veto: string | null;
    reasons: object[];
    decision: object | null;
  }[];
}

async function begin(t: ExecutionContext) {
  const events = await startEvents(t, server());
  const database = openDatabase({ config: server().config, log: silentLog('x'), connections: 2 });
  t.teardown(() => database.close());
  const admin = await signIn(server(), 'admin');
  const sow = async (...rows: Partial<SourceEvent>[]) => {
    for (const row of rows) {
      await saveRecords(database, 'all', [sourceEvent({ startsAt, ...row })], new Date());
    }
    await canonicalise(database);
  };
  const titles = async (city: string) =>
    (
      await events.json<{ events: { id: number; title: string }[] }>(
        `/v1/events/search?city=${city}`,
      )
    ).events.map(({ id, title }) => ({ id, title }));
  const explain = (id: number) =>
    events.json<Explained>(`/v1/admin/events/${id}/sources`, admin.headers);
  const decide = async (body: object, headers: Headers = admin.headers) =>
    events.call('POST', '/v1/admin/matches', headers, body);
  return { ...events, database, admin, sow, titles, explain, decide };
}

test.serial(
  'admin – two rows that the scores hold for one event – are shown with reasons, parted at once, and one again when that is undone',
  async (t) => {
    const { sow, titles, explain, decide, call, json, admin } = await begin(t);
    await sow(
      { city: 'Ennis', sourceId: 'e1', title: 'Paper Wolves' },
      { city: 'Ennis', sourceId: 'e2', source: 'dice', title: 'Paper Wolves (Live)' },
      {
        city: 'Ennis',
        sourceId: 'e3',
        source: 'dice',
        title: 'Silver Harbour',
        venue: { name: 'Tonn', position: null },
      },
    );
    const before = await titles('Ennis');
    t.is(before.length, 2);
    const event = before.find(({ title }) => title.startsWith('Paper')) as { id: number };
    const shown = await explain(event.id);
    t.deepEqual(shown.rows.map(({ source }) => source).toSorted(), ['dice', 'ticketmaster']);
    t.true((shown.pairs[0]?.points ?? 0) >= 65);
    t.is(shown.pairs[0]?.reasons.length, 3);

    const [one, other] = shown.rows as [Row, Row];
    const body = { kind: 'apart', oneId: other.id, otherId: one.id, reason: 'two shows' };
    const decided = await decide(body, { 'idempotency-key': 'part-these-two', ...admin.headers });
    t.is(decided.status, 201, await decided.clone().text());
    const { id } = (await decided.json()) as { id: number };
    t.is((await titles('Ennis')).length, 3);
    const parted = await explain(event.id);
    t.is(parted.rows.length, 1);
    t.is(parted.near.length, 1);
    t.like(parted.pairs[0]?.decision, { id, kind: 'apart' });

    const undone = await call('DELETE', `/v1/admin/matches/${id}`, admin.headers);
    t.like(await undone.json(), { id, undoneBy: admin.id });
    t.deepEqual(await titles('Ennis'), before);
    t.is((await call('DELETE', `/v1/admin/matches/${id}`, admin.headers)).status, 200);
    const { decisions } = await json<{ decisions: { id: number }[] }>(
      '/v1/admin/matches',
      admin.headers,
    );
    t.true(decisions.some((it) => it.id === id));
  },
);

test.serial(
  'admin – rows of two nights, and with other names – are one event when an admin says so, and two after',
  async (t) => {
    const { sow, titles, explain, decide, call, admin } = await begin(t);
    const later = new Date(startsAt.getTime() + 240 * HOUR_MS);
    await sow(
      { city: 'Sligo', sourceId: 's1', title: 'Secret Show' },
      { city: 'Sligo', sourceId: 's2', source: 'dice', title: 'Nuala Machine', startsAt: later },
    );
    const before = await titles('Sligo');
    t.is(before.length, 2);
    const rows = await Promise.all(before.map(({ id }) => explain(id)));
    const [one, other] = rows.map(({ rows: [row] }) => row?.id);
    const decided = await decide({
      kind: 'together',
      oneId: one,
      otherId: other,
      reason: 'put off',
    });
    t.is(decided.status, 201);
    t.is((await titles('Sligo')).length, 1);
    const { id } = (await decided.json()) as { id: number };
    await call('DELETE', `/v1/admin/matches/${id}`, admin.headers);
    t.deepEqual(await titles('Sligo'), before);
  },
);

test.serial('admin – decisions that make no sense – are refused', async (t) => {
  const { sow, titles, explain, decide } = await begin(t);
  await sow(
    { city: 'Cork', sourceId: 'c1', title: 'Open Mic' },
    { city: 'Galway', sourceId: 'g1', title: 'Open Mic' },
  );
  const idOf = async (city: string) =>
    (await explain((await titles(city))[0]?.id ?? 0)).rows[0]?.id ?? 0;
  const [cork, galway] = [await idOf('Cork'), await idOf('Galway')];
  const refused = async (oneId: number, otherId: number) => {
    const answer = await decide({ kind: 'together', oneId, otherId, reason: 'x' });
    return [answer.status, ((await answer.json()) as { code: string }).code];
  };
  t.deepEqual(await refused(cork, galway), [409, 'rows_in_two_cities']);
  t.deepEqual(await refused(cork, 4_000_000), [404, 'row_not_found']);
  t.deepEqual(await refused(cork, cork), [400, 'invalid_request']);
});

test.serial(
  'admin – how it stands with the sources – is told; a wish is noted, with who, and makes a fresh city due',
  async (t) => {
    const { database, call, json, admin } = await begin(t);
    const states = createSourceStates(database);
    const now = new Date();
    const window = { from: now, to: new Date(now.getTime() + 2_880 * HOUR_MS) };
    await states.succeeded('ticketmaster', 'Dublin', { window, freshMs: 6 * HOUR_MS }, now);
    await states.failed('ticketmaster', GATE, { error: 'it answers 500', retryAt: undefined }, now);
    await states.countCall('ticketmaster', now);

    interface Status {
      readonly sources: {
        source: string;
        closedUntil: string | null;
        calls: object;
        scopes: object[];
      }[];
    }
    const read = async () =>
      (await json<Status>('/v1/admin/sources', admin.headers)).sources.find(
        ({ source }) => source === 'ticketmaster',
      );
    t.like(await read(), {
      error: 'it answers 500',
      failures: 1,
      calls: { today: 1, limit: 4_500 },
    });
    const dublin = async () => (await states.of('ticketmaster')).get('Dublin');
    t.false(isDue(await dublin(), window, now));

    const path = '/v1/admin/sources/ticketmaster/requests';
    const headers = { 'idempotency-key': 'ask-it-again', ...admin.headers };
    const asked = await call('POST', path, headers, { scope: 'Dublin' });
    t.is(asked.status, 202);
    t.like(await asked.json(), { source: 'ticketmaster', scopes: ['Dublin'] });
    t.true(isDue(await dublin(), window, new Date()));
    const again = await call('POST', path, headers, { scope: 'Dublin' });
    t.is(again.headers.get('idempotent-replayed'), 'true');
    t.is((await call('POST', path, admin.headers, { scope: 'Atlantis' })).status, 404);
    const [noted] = (
      await server().admin.query(
        "SELECT actor_id AS actor FROM directory_audit WHERE subject = 'source'",
      )
    )[0] as { actor: number }[];
    t.is(noted?.actor, admin.id);
  },
);

test.serial(
  '7.A-3 admin – every one of its routes – is shut to organizers, users and strangers',
  async (t) => {
    const { call } = await begin(t);
    const [organizer, user] = await Promise.all([signIn(server(), 'organizer'), signIn(server())]);
    for (const [method, path, body] of [
      ['GET', '/v1/admin/sources', undefined],
      ['POST', '/v1/admin/sources/dice/requests', {}],
      ['GET', '/v1/admin/events/1/sources', undefined],
      ['GET', '/v1/admin/matches', undefined],
      ['POST', '/v1/admin/matches', { kind: 'apart', oneId: 1, otherId: 2, reason: 'x' }],
      ['DELETE', '/v1/admin/matches/1', undefined],
    ] as const) {
      t.is((await call(method, path, {}, body)).status, 401, path);
      t.is((await call(method, path, organizer.headers, body)).status, 403, path);
      t.is((await call(method, path, user.headers, body)).status, 403, path);
    }
  },
);
