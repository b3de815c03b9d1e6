import test, { type ExecutionContext } from 'ava';
import ICAL from 'ical.js';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { signIn } from '../../platform/test/helpers/sign-in.ts';
import { startEvents } from './helpers/start-events.ts';

const server = useDatabase(test);

const TITLE = 'Oíche cheoil; Ó Briain, Ní Dhomhnaill \\ agus a gcairde – ceol go maidin 🎻🎻🎻🎻🎻';
const DESCRIPTION = `Doors at 7; bring "friends".\nBEGIN:VEVENT\nAn dara líne, ${'fada '.repeat(60)}`;
const TICKETS = 'https://tickets.example/a;b,c?d=%2Ce&f=1';

const start = async (t: ExecutionContext) => (await startEvents(t, server())).get;

let made = 0;
const makeEvent = (row: Readonly<Record<string, unknown>>) => {
  made += 1;
  return server().insert('events', {
    uid: `calendar-${made}`,
    title: 'A gig',
    city: 'Cork',
    starts_at: new Date(Date.now() + 86_400_000),
    ...row,
  });
};

/** What npm's own reader of such files finds, with every value as it means it. */
function read(file: string) {
  const calendar = new ICAL.Component(ICAL.parse(file));
  const events = calendar.getAllSubcomponents('vevent').map((part) => new ICAL.Event(part));
  return { calendar, events };
}

test('7.B-26 calendar – fadas, a long text, line breaks and a URL – come out as they went in', async (t) => {
  const get = await start(t);
  const starts_at = new Date('2027-03-27T19:30:00Z');
  const ends_at = new Date('2027-03-28T02:00:00Z');
  const row = { title: TITLE, description: DESCRIPTION, ticket_url: TICKETS, starts_at, ends_at };
  const id = await makeEvent(row);

  const answer = await get(`/v1/events/${id}/calendar`);
  t.is(answer.status, 200);
  t.is(answer.headers.get('content-type'), 'text/calendar; charset=utf-8');
  t.is(answer.headers.get('content-disposition'), `attachment; filename="event-${id}.ics"`);
  const file = await answer.text();
  const { calendar, events } = read(file);
  t.is(calendar.getFirstPropertyValue('method'), 'PUBLISH');
  t.is(events.length, 1);
  const [event] = events;
  t.is(event?.uid, `wtc-event-${id}@whatsthecraic`);
  t.is(event?.summary, TITLE);
  t.is(event?.description, DESCRIPTION);
  t.is(event?.location, 'Cork');
  t.is(event?.component.getFirstPropertyValue('url'), TICKETS);
  t.is(event?.startDate.toJSDate().getTime(), starts_at.getTime());
  t.is(event?.endDate.toJSDate().getTime(), ends_at.getTime());
});

test('7.B-26 calendar – its lines – are at most 75 octets, end alike, and are the same at each call', async (t) => {
  const get = await start(t);
  const id = await makeEvent({ title: TITLE, description: DESCRIPTION });
  const file = await (await get(`/v1/events/${id}/calendar`)).text();

  t.true(file.endsWith('END:VCALENDAR\r\n'));
  t.false(/[^\r]\n|\r[^\n]/.test(file));
  for (const line of file.split('\r\n')) t.true(Buffer.byteLength(line) <= 75, line);
  t.is(await (await get(`/v1/events/${id}/calendar`)).text(), file);

  await server().admin.query("UPDATE events SET status = 'cancelled' WHERE id = ?", [id]);
  const { events } = read(await (await get(`/v1/events/${id}/calendar`)).text());
  t.is(events[0]?.component.getFirstPropertyValue('status'), 'CANCELLED');
});

test('7.B-26 calendar – saved events – are there while they are not over, and nobody else sees them', async (t) => {
  const get = await start(t);
  const [person, stranger] = await Promise.all([signIn(server()), signIn(server())]);
  const over = await makeEvent({ title: 'Over', starts_at: new Date(Date.now() - 86_400_000) });
  const later = await makeEvent({ title: 'Later', starts_at: new Date(Date.now() + 172_800_000) });
  const soon = await makeEvent({ title: 'Soon' });
  for (const event_id of [over, later, soon]) {
    await server().insert('event_saves', { user_id: person.id, event_id });
  }
  const titles = async (headers: Readonly<Record<string, string>>) =>
    read(await (await get('/v1/users/me/calendar', headers)).text()).events.map(
      ({ summary }) => summary,
    );

  t.deepEqual(await titles(person.headers), ['Soon', 'Later']);
  t.deepEqual(await titles(stranger.headers), []);
  t.is((await get('/v1/users/me/calendar')).status, 401);
  t.is((await get('/v1/events/999999/calendar')).status, 404);
});

test('7.B-26 calendar – written by another program and read again – is the same events', async (t) => {
  const { get } = await startEvents(t, server());
  const row = { title: TITLE, description: DESCRIPTION, ticket_url: TICKETS };
  const id = await makeEvent({ ...row, ends_at: new Date(Date.now() + 90_000_000) });
  const file = await (await get(`/v1/events/${id}/calendar`)).text();

  const again = new ICAL.Component(ICAL.parse(file)).toString();

  const facts = (text: string) =>
    read(text).events.map((event) => [
      ...[event.uid, event.summary, event.description, event.location, event.sequence],
      ...[event.startDate.toICALString(), event.endDate.toICALString()],
      String(event.component.getFirstPropertyValue('url')),
      String(event.component.getFirstPropertyValue('status')),
      String(event.component.getFirstPropertyValue('dtstamp')),
    ]);
  t.deepEqual(facts(again), facts(file));
});

test('7.H-4 calendar – an address to subscribe to – is read without a token, until it is renewed or revoked', async (t) => {
  const { call, get, json, lines } = await startEvents(t, server());
  const [person, other] = await Promise.all([signIn(server()), signIn(server())]);
  const event_id = await makeEvent({ title: 'Subscribed' });
  await server().insert('event_saves', { user_id: person.id, event_id });
  const feed = '/v1/users/me/calendar-feed';
  const renew = async ({ headers } = person) => {
    const answer = await call('POST', feed, headers);
    t.is(answer.status, 201);
    return ((await answer.json()) as { path: string }).path;
  };

  t.deepEqual(await json(feed, person.headers), { createdAt: null, readAt: null });
  const path = await renew();
  const answer = await get(path);
  t.is(answer.status, 200);
  t.is(answer.headers.get('cache-control'), 'private, max-age=300');
  const { calendar, events } = read(await answer.text());
  t.deepEqual(
    events.map(({ summary }) => summary),
    ['Subscribed'],
  );
  t.is(calendar.getFirstPropertyValue('x-wr-calname'), 'What’s the Craic');
  t.deepEqual(read(await (await get(await renew(other))).text()).events, []);
  t.truthy((await json<{ readAt: string }>(feed, person.headers)).readAt);

  const tag = answer.headers.get('etag') ?? '';
  t.is((await get(path, { 'if-none-match': tag })).status, 304);
  await server().admin.query(
    "UPDATE events SET status = 'cancelled', updated_at = created_at + INTERVAL 61 SECOND WHERE id = ?",
    [event_id],
  );
  const changed = await get(path, { 'if-none-match': tag });
  t.is(changed.status, 200);
  const [cancelled] = read(await changed.text()).events;
  t.is(cancelled?.component.getFirstPropertyValue('status'), 'CANCELLED');
  t.is(cancelled?.sequence, 61);
  t.is(events[0]?.sequence, 0);

  const next = await renew();
  t.not(next, path);
  t.is((await get(path)).status, 404);
  t.is((await get(next)).status, 200);
  for (const status of [204, 204])
    t.is((await call('DELETE', feed, person.headers)).status, status);
  t.is((await get(next)).status, 404);
  t.is((await get('/v1/calendar/nonsense')).status, 404);
  t.is((await call('POST', feed)).status, 401);

  const [rows] = await server().admin.query('SELECT * FROM calendar_feeds');
  for (const secret of [path, next]) {
    const token = secret.slice('/v1/calendar/'.length, -'.ics'.length);
    t.is(token.length, 43);
    t.false(JSON.stringify(rows).includes(token));
    t.true(lines.some((line) => line.includes('/v1/calendar/[secret].ics')));
    t.false(
      lines.some((line) => line.includes(token)),
      'no line of the log has it',
    );
  }
});
