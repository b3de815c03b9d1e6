import test, { type ExecutionContext } from 'ava';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { signIn } from '../../platform/test/helpers/sign-in.ts';
import { artistSlug } from '../src/canonical/normalise.ts';
import { startEvents } from './helpers/start-events.ts';

const server = useDatabase(test);
const HOUR = 3_600_000;

interface Performer {
  readonly id: number;
  readonly name: string;
  readonly genres: string[];
  readonly upcoming: number;
  readonly events?: { title: string }[];
}
interface Page {
  readonly performers: Performer[];
  readonly nextCursor: string | null;
}

async function start(t: ExecutionContext) {
  const events = await startEvents(t, server());
  const names = async (query: Record<string, string>, headers = {}) => {
    const path = `/v1/performers?${new URLSearchParams(query)}`;
    return (await events.json<Page>(path, headers)).performers.map(({ name }) => name);
  };
  return { ...events, names };
}

const makeArtist = (name: string) => server().insert('artists', { slug: artistSlug(name), name });

let made = 0;
async function makeGig(
  city: string,
  artists: readonly number[],
  row: Readonly<Record<string, unknown>> = {},
  genres: readonly number[] = [],
) {
  made += 1;
  const event_id = await server().insert('events', {
    ...{ uid: `gig-${made}`, title: `Gig ${made}`, city },
    starts_at: new Date(Date.now() + made * HOUR),
    ...row,
  });
  for (const [position, artist_id] of artists.entries()) {
    await server().insert('event_artists', { event_id, artist_id, position });
  }
  for (const genre_id of genres) await server().insert('event_genres', { event_id, genre_id });
  return event_id;
}

test('7.B-23 performers – with events to come – are listed by name, in pages, each once', async (t) => {
  const { json, names } = await start(t);
  const city = 'Ennis';
  const artists = [];
  for (const name of ['Áine', 'Brid', 'Ciara', 'Deirdre', 'Éabha']) {
    artists.push(await makeArtist(`${name} of ${city}`));
  }
  for (const id of artists) {
    await makeGig(city, [id], {}, [13]);
    await makeGig(city, [id], {}, [13, 15]);
  }
  const past = await makeArtist('Past of Ennis');
  await makeGig(city, [past], { starts_at: new Date(Date.now() - HOUR) });
  const off = await makeArtist('Cancelled of Ennis');
  await makeGig(city, [off], { status: 'cancelled' });

  const seen: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: Page = await json(
      `/v1/performers?city=${city}&limit=2${cursor && `&cursor=${cursor}`}`,
    );
    seen.push(...page.performers.map(({ name }) => name.split(' ')[0] ?? ''));
    cursor = page.nextCursor;
  }
  t.deepEqual(seen, ['Áine', 'Brid', 'Ciara', 'Deirdre', 'Éabha']);
  t.deepEqual(await names({ city, q: 'aine' }), ['Áine of Ennis']);
  t.deepEqual(await names({ city, genres: 'drum-and-bass', q: 'brid' }), ['Brid of Ennis']);
  t.deepEqual(await names({ city, genres: 'jazz' }), []);
  t.deepEqual(await names({ city: 'Sligo', q: 'aine' }), []);
});

test('7.B-23 performer – one artist – has events to come, genres and a picture, and nothing of what was called off', async (t) => {
  const { get, json } = await start(t);
  const [one, support] = [await makeArtist('Lankum'), await makeArtist('Somebody')];
  await makeGig(
    'Sligo',
    [support, one],
    { title: 'Support', image_url: 'https://x.example/s' },
    [7],
  );
  await makeGig(
    'Derry',
    [one, support],
    { title: 'Own', image_url: 'https://x.example/o' },
    [7, 27],
  );
  await makeGig('Derry', [one], { title: 'Off', status: 'cancelled' }, [13]);
  await makeGig('Derry', [one], { title: 'Gone', withdrawn_at: new Date() }, [13]);

  const performer = await json<Performer>(`/v1/performers/${one}`);
  t.like(performer, {
    name: 'Lankum',
    genres: ['Folk', 'Trad'],
    imageUrl: 'https://x.example/o',
    upcoming: 2,
  });
  t.deepEqual(
    performer.events?.map(({ title }) => title),
    ['Support', 'Own'],
  );
  t.is((await get('/v1/performers/999999')).status, 404);
});

test('performers – followed twice and left twice – are there once, then not, and nobody else’s', async (t) => {
  const { call, json } = await start(t);
  const [person, other] = await Promise.all([signIn(server()), signIn(server())]);
  const artist = await makeArtist('Followed');
  const send = async (method: string, id: number, { headers } = person) =>
    (await call(method, `/v1/performers/${id}/follow`, headers)).status;
  const followed = async ({ headers } = person) =>
    (await json<Page>('/v1/users/me/performers', headers)).performers.map(({ name }) => name);

  t.deepEqual([await send('PUT', artist), await send('PUT', artist)], [204, 204]);
  t.deepEqual(await followed(), ['Followed']);
  t.deepEqual(await followed(other), []);
  t.is(await send('DELETE', artist, other), 204);
  t.deepEqual(await followed(), ['Followed']);
  t.deepEqual([await send('DELETE', artist), await send('DELETE', artist)], [204, 204]);
  t.deepEqual(await followed(), []);
  t.is(await send('PUT', 999_999), 404);
  t.is((await call('PUT', `/v1/performers/${artist}/follow`)).status, 401);
});
