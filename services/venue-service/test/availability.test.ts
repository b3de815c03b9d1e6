import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import fc from 'fast-check';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { as } from '../../platform/test/helpers/keepers.ts';
import { newVenue, startVenues } from './helpers/start-venues.ts';

const server = useDatabase(test);

/** The evening of a day in June 2027, from one hour to another, past midnight if need be. */
const hours = (day: number, from: number, to: number) => ({
  startsAt: new Date(Date.UTC(2027, 5, day, from)).toISOString(),
  endsAt: new Date(Date.UTC(2027, 5, day, to)).toISOString(),
});

/** As a good client does: told that the database is busy, it asks again. */
const patiently =
  (send: Awaited<ReturnType<typeof startVenues>>['send']): typeof send =>
  async (...request) => {
    for (let tries = 1; ; tries++) {
      const answer = await send(...request);
      if (answer.status !== 503 || tries === 20) return answer;
      await sleep(200 + Math.random() * 800);
    }
  };

async function venueOf(t: Parameters<typeof startVenues>[0], more = {}) {
  const started = await startVenues(t, server());
  const { body } = await started.send('POST', '/venues', as('organizer'), newVenue(more));
  const path = `/v1/venues/${body.id}/availability`;
  const add = (kind: string, span: object) =>
    started.send('POST', path, as('organizer'), { kind, ...span });
  const free = async (from: string, to: string) =>
    started.names(
      new URLSearchParams({ city: String(body.city), freeFrom: from, freeTo: to }).toString(),
    );
  return { ...started, id: body.id, name: String(body.name), path, add, free };
}

test('7.B-16 – a window that ends before it begins, or lasts for ever – is refused by field', async (t) => {
  const { add } = await venueOf(t);

  for (const span of [hours(1, 20, 20), hours(1, 20, 19), hours(1, 0, 24 * 93)]) {
    const answer = await add('available', span);
    t.is(answer.status, 400);
    t.regex(JSON.stringify(answer.body.errors), /body\.endsAt/);
  }
});

test('7.B-16 – a window that shares a moment with another – is refused, one that touches is not', async (t) => {
  const { add, send, path } = await venueOf(t);
  const first = await add('booked', hours(2, 20, 24));
  t.is(first.status, 201);

  for (const span of [hours(2, 20, 24), hours(2, 19, 21), hours(2, 21, 22), hours(2, 18, 26)]) {
    const answer = await add('booked', span);
    t.like(answer, { status: 409, body: { code: 'windows_overlap' } });
    t.regex(String(answer.body.detail), new RegExp(`window ${first.body.id} .*delete it first`));
  }
  t.is((await add('booked', hours(2, 24, 26))).status, 201);
  t.is((await add('booked', hours(2, 18, 20))).status, 201);
  t.is((await send('DELETE', `${path}/${first.body.id}`, as('organizer'))).status, 204);
  t.is((await add('booked', hours(2, 21, 22))).status, 201);
});

test('availability – 40 bookings of one evening at once, of two processes – exactly one is taken', async (t) => {
  t.timeout(60_000);
  const { path, ...first } = await venueOf(t);
  const second = await startVenues(t, server());
  const senders = [patiently(first.send), patiently(second.send)];
  const spans = Array.from({ length: 40 }, (_, index) =>
    hours(3, 18 + (index % 3), 22 + (index % 4)),
  );

  const answers = await Promise.all(
    spans.map((span, index) =>
      senders[index % 2]?.('POST', path, as('organizer'), { kind: 'booked', ...span }),
    ),
  );

  t.deepEqual(answers.map((it) => it?.status).sort(), [201, ...Array(39).fill(409)]);
});

test('availability – any bookings at once – what is taken never overlaps, and what is refused does', async (t) => {
  t.timeout(60_000);
  const { id, path, ...it } = await venueOf(t);
  const send = patiently(it.send);
  const span = fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 12 }));
  let month = 0;
  const property = fc.asyncProperty(
    fc.array(span, { minLength: 2, maxLength: 14 }),
    async (spans) => {
      month += 1;
      const at = (hour: number) => new Date(Date.UTC(2030, month, 1, hour));
      const asked = spans.map(([from, length]) => ({ from: at(from), to: at(from + length) }));
      const answers = await Promise.all(
        asked.map(({ from, to }) =>
          send('POST', path, as('organizer'), { kind: 'booked', startsAt: from, endsAt: to }),
        ),
      );
      const taken = asked.filter((_, index) => answers[index]?.status === 201);
      const refused = asked.filter((_, index) => answers[index]?.status === 409);
      if (taken.length + refused.length !== asked.length) return false;
      const meets = (a: (typeof asked)[0], b: (typeof asked)[0]) => a.from < b.to && b.from < a.to;
      const apart = taken.every((a, i) => taken.every((b, j) => i === j || !meets(a, b)));
      return apart && refused.every((a) => taken.some((b) => meets(a, b)));
    },
  );

  await fc.assert(property, { numRuns: 15 });
  const [rows] = await server().admin.query(
    `SELECT a.id FROM venue_windows a JOIN venue_windows b ON b.venue_id = a.venue_id AND b.id <> a.id
       AND b.kind = a.kind AND b.starts_at < a.ends_at AND a.starts_at < b.ends_at
     WHERE a.venue_id = ?`,
    [id],
  );
  t.deepEqual(rows, []);
});

test('7.B-16 – a search for free venues – finds the offered and not booked, for the whole time', async (t) => {
  const { add, free, name } = await venueOf(t, { city: 'Ennis' });
  const [start, end] = ['2027-06-10T20:00:00Z', '2027-06-10T23:00:00Z'];
  t.deepEqual(await free(start, end), [], 'nothing is offered');

  await add('available', hours(10, 18, 22));
  t.deepEqual(await free(start, end), [], 'offered for a part of it');
  await add('available', hours(10, 22, 26));
  t.deepEqual(await free(start, end), [name], 'two offers that touch cover it');
  t.deepEqual(await free('2027-06-10T17:59:59Z', end), []);

  await add('booked', hours(10, 25, 26));
  t.deepEqual(await free(start, end), [name], 'booked later in the night');
  await add('booked', hours(10, 22, 23));
  t.deepEqual(await free(start, end), [], 'booked in the middle');
  t.deepEqual(await free(start, '2027-06-10T22:00:00Z'), [name], 'free until then');
});

test('availability – the calendar – shows what touches the span, and knows whose it is', async (t) => {
  const { add, send, path } = await venueOf(t);
  await add('available', hours(12, 18, 30));
  await add('booked', hours(12, 20, 24));
  await add('available', hours(20, 18, 30));
  const span = 'from=2027-06-12T23:00:00Z&to=2027-06-13T23:00:00Z';

  const { windows } = (await send('GET', `${path}?${span}`)).body as unknown as {
    windows: { kind: string }[];
  };

  t.deepEqual(
    windows.map(({ kind }) => kind),
    ['available', 'booked'],
  );
  t.is((await send('GET', `/v1/venues/4000000000/availability?${span}`)).status, 404);
  const removed = await send('DELETE', `${path}/4000000000`, as('organizer'));
  t.like(removed, { status: 404, body: { code: 'window_not_found' } });
  for (const query of [
    '',
    '?from=2027-06-12T23:00:00Z',
    `?${span.replace('to=2027', 'to=2026')}`,
  ]) {
    t.is((await send('GET', path + query)).status, 400);
  }
});

test('availability – only one end of the free time, or too much of it – is refused by field', async (t) => {
  const { send } = await startVenues(t, server());
  const ask = async (query: string) =>
    JSON.stringify((await send('GET', `/v1/venues/search?${query}`)).body.errors);

  t.regex(await ask('freeFrom=2027-06-10T20:00:00Z'), /query\.freeTo.*together/);
  t.regex(
    await ask('freeFrom=2027-06-10T20:00:00Z&freeTo=2027-06-10T19:00:00Z'),
    /query\.freeTo.*later/,
  );
  t.regex(
    await ask('freeFrom=2027-06-10T20:00:00Z&freeTo=2027-09-10T19:00:00Z'),
    /query\.freeTo.*31 days/,
  );
});
