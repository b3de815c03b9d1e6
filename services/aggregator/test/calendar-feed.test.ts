import test from 'ava';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { signIn } from '../../platform/test/helpers/sign-in.ts';
import { startAll } from './helpers/start-all.ts';

const server = useDatabase(test);

/** The lines of a calendar file, unfolded (RFC 5545, 3.1). */
const linesOf = (file: string) => file.replaceAll(/\r\n[ \t]/g, '').split('\r\n');

test('calendar feed – through the door by its token alone – tells what is saved, as it changes, until it is renewed or revoked', async (t) => {
  const { url } = await startAll(t, server());
  const person = await signIn(server());
  const makeEvent = (uid: string, title: string) =>
    server().insert('events', {
      ...{ uid, title, city: 'Cork', starts_at: new Date(Date.now() + 86_400_000) },
    });
  const event = await makeEvent('a', 'Seisiún Mór');
  const call = (method: string, path: string) =>
    fetch(url + path, { method, headers: person.headers });
  const renew = async () => {
    const answer = await call('POST', '/v1/users/me/calendar-feed');
    t.is(answer.status, 201);
    return ((await answer.json()) as { path: string }).path;
  };
  t.is((await call('PUT', `/v1/events/${event}/save`)).status, 204);
  const path = await renew();

  // A calendar program has no token but the address.
  const read = (etag?: string) =>
    fetch(url + path, etag ? { headers: { 'if-none-match': etag } } : {});
  const first = await read();
  t.is(first.status, 200);
  t.is(first.headers.get('content-type'), 'text/calendar; charset=utf-8');
  t.regex(first.headers.get('cache-control') ?? '', /^private\b/);
  const lines = linesOf(await first.text());
  t.is(lines[0], 'BEGIN:VCALENDAR');
  t.deepEqual(
    lines.filter((line) => line.startsWith('SUMMARY')),
    ['SUMMARY:Seisiún Mór'],
  );
  t.is((await read(first.headers.get('etag') ?? '')).status, 304);

  t.is((await call('PUT', `/v1/events/${await makeEvent('b', 'Late set')}/save`)).status, 204);
  const later = linesOf(await (await read()).text());
  t.is(later.filter((line) => line === 'BEGIN:VEVENT').length, 2);

  const renewed = await renew();
  t.is((await read()).status, 404, 'the address before opens nothing');
  t.is((await fetch(url + renewed)).status, 200);
  t.is((await call('DELETE', '/v1/users/me/calendar-feed')).status, 204);
  const revoked = await fetch(url + renewed);
  t.is(revoked.status, 404);
  t.is(((await revoked.json()) as { code: string }).code, 'calendar_not_found');
  t.is((await fetch(`${url}/v1/calendar/${'x'.repeat(43)}.ics`)).status, 404);
});
