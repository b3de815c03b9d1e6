import test, { type ExecutionContext } from 'ava';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { startDjs } from './helpers/start-djs.ts';

const server = useDatabase(test);

interface Page {
  readonly djs: { id: number; name: string }[];
  readonly nextCursor: string | null;
  readonly hasMore: boolean;
}

const start = (t: ExecutionContext) => startDjs(t, server());

let made = 0;
async function makeDj(
  name: string,
  city: string,
  more: Record<string, unknown> = {},
  genres: number[] = [],
) {
  made += 1;
  const dj_id = await server().insert('djs', { slug: `dj-${made}`, name, city, ...more });
  for (const genre_id of genres) await server().insert('dj_genres', { dj_id, genre_id });
  return dj_id;
}

test('djs – search – by words, city, genre and fee, in the order of names', async (t) => {
  const { names } = await start(t);
  await makeDj('Síofra Wax', 'Sligo', { fee_minor: 30_000 }, [12]);
  await makeDj('DJ Ó', 'Sligo', { bio: 'Selector of dub plates' }, [33]);
  await makeDj('Aoife Bass', 'Sligo', { fee_minor: 45_050 }, [15, 13]);
  await makeDj('Wax Elsewhere', 'Tralee');

  t.deepEqual(await names('city=sligo'), ['Aoife Bass', 'DJ Ó', 'Síofra Wax']);
  t.deepEqual(await names('city=Sligo&q=siofra'), ['Síofra Wax']);
  t.deepEqual(await names('city=Sligo&q=dj'), ['DJ Ó']);
  t.deepEqual(await names('city=Sligo&q=plates'), ['DJ Ó']);
  t.deepEqual(await names('city=Sligo&genre=electronic'), ['Aoife Bass', 'Síofra Wax']);
  t.deepEqual(await names('city=Sligo&genre=dub'), ['DJ Ó']);
  t.deepEqual(await names('city=Sligo&feeMax=450'), ['Síofra Wax']);
  t.deepEqual(await names('city=Sligo&feeMax=450.5'), ['Aoife Bass', 'Síofra Wax']);
});

test('djs – pages – meet everyone once, namesakes included', async (t) => {
  const { json } = await start(t);
  const ids = [];
  for (const name of ['Twin', 'twin', 'TWÍN', 'Uno', 'Zed'])
    ids.push(await makeDj(name, 'Athlone'));

  const seen: number[] = [];
  let cursor: string | null = '';
  while (cursor !== null) {
    const page: Page = await json(
      `/v1/djs/search?city=Athlone&limit=2${cursor && `&cursor=${cursor}`}`,
    );
    seen.push(...page.djs.map(({ id }) => id));
    cursor = page.nextCursor;
  }

  t.deepEqual(seen, ids);
});

test('domain C-9 – the list of all DJs – is a page like any other', async (t) => {
  const { json } = await start(t);
  await makeDj('Aaron Aardvark', 'Cork');
  await makeDj('Aaron Abacus', 'Cork');

  const page = await json<Page>('/djs?limit=1');

  t.is(page.djs.length, 1);
  t.true(page.hasMore);
  t.regex(page.nextCursor ?? '', /^[\w-]+$/);
});

test('dj – by number – tells what the public may know, and nothing to reach anybody by', async (t) => {
  const { json, get } = await start(t);
  const id = await makeDj('Niamh Noir', 'Galway', { fee_minor: 25_000, bio: 'Vinyl only' }, [13]);

  t.deepEqual(await json(`/djs/${id}`), {
    id,
    name: 'Niamh Noir',
    city: 'Galway',
    bio: 'Vinyl only',
    genres: ['Techno'],
    fee: { amount: 250, currency: 'EUR' },
    feeInEuro: { amount: 250, rateOf: null, stale: false },
  });
  t.is((await get('/djs/4000000000')).status, 404);
  t.is((await get('/djs/0')).status, 400);
});

test('djs – a search for no word at all – is refused, not taken for everything', async (t) => {
  const { get } = await start(t);

  for (const q of ['%25', '%20', '--', '*']) t.is((await get(`/v1/djs/search?q=${q}`)).status, 400);
});
