import test, { type ExecutionContext } from 'ava';
import ICAL from 'ical.js';
import {
  testServerConfig,
  testVerifier,
  useDatabase,
} from '../../platform/test/helpers/database.ts';
import { silentLog, startReady } from '../../platform/test/helpers/service.ts';
import { signIn } from '../../platform/test/helpers/sign-in.ts';
import { createEventsService } from '../src/app.ts';

const server = useDatabase(test);

const TITLE = 'Oíche cheoil; Ó Briain, Ní Dhomhnaill \\ agus a gcairde – ceol go maidin 🎻🎻🎻🎻🎻';
const DESCRIPTION = `Doors at 7; bring "friends".\nBEGIN:VEVENT\nAn dara líne, ${'fada '.repeat(60)}`;
const TICKETS = 'https://tickets.example/a;b,c?d=%2Ce&f=1';

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
  return (path: string, headers = {}) => fetch(url + path, { headers });
}

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
  const titles = async (headers: object) =>
    read(await (await get('/v1/users/me/calendar', headers)).text()).events.map(
      ({ summary }) => summary,
    );

  t.deepEqual(await titles(person.headers), ['Soon', 'Later']);
  t.deepEqual(await titles(stranger.headers), []);
  t.is((await get('/v1/users/me/calendar')).status, 401);
  t.is((await get('/v1/events/999999/calendar')).status, 404);
});
