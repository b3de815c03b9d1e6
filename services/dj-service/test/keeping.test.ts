import test from 'ava';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { as } from '../../platform/test/helpers/keepers.ts';
import { startDjs } from './helpers/start-djs.ts';

const server = useDatabase(test);

test('7.A-3 – DJs written without a token, or by a mere user – stay as they are', async (t) => {
  const { send } = await startDjs(t, server());
  const made = await send('POST', '/djs', as('organizer'), { name: 'Safe', city: 'Cork' });
  t.is(made.status, 201);

  for (const [method, path] of [
    ['POST', '/djs'],
    ['PATCH', `/djs/${made.body.id}`],
    ['DELETE', `/djs/${made.body.id}`],
    ['POST', `/v1/djs/${made.body.id}/availability`],
  ] as const) {
    t.is((await send(method, path)).status, 401, `${method} ${path}`);
    t.is((await send(method, path, as('user'))).status, 403, `${method} ${path}`);
  }
  t.is(
    (await send('PUT', `/djs/${made.body.id}`)).headers.get('allow'),
    'DELETE, GET, HEAD, OPTIONS, PATCH',
  );
});

test('7.A-4 – mail and phone of a DJ – are in no answer but the one for organizers', async (t) => {
  const { send } = await startDjs(t, server());
  const contact = { email: 'fionn@dj.example', phone: '+353 87 555 0199', instagram: '@fionn' };
  const body = { name: 'Fionn Reachable', city: 'Cork', bio: 'Techno', contact };
  const made = await send('POST', '/djs', as('organizer'), body);
  const path = `/djs/${made.body.id}`;

  t.like((await send('GET', `${path}/contact`, as('organizer', 2))).body, contact);
  for (const who of [{}, as('user')]) {
    t.true([401, 403].includes((await send('GET', `${path}/contact`, who)).status));
  }
  const open = ['/djs?limit=100', '/v1/djs/search?q=Fionn', path];
  const told = [
    made.body,
    ...(await Promise.all(open.map((it) => send('GET', it)))).map((it) => it.body),
  ];
  told.push((await send('GET', `${path}/changes`, as('admin'))).body);
  t.notRegex(JSON.stringify(told), /dj\.example|555 0199|@fionn/);
  const search = (await send('GET', '/v1/djs/search?q=dj.example')).body as unknown as { djs: [] };
  t.deepEqual(search.djs, [], 'nor does a search by it find them');
});

test('7.B-15 – a DJ changed in one field – keeps fee and genres; a fee of 0 is a fee, null is none', async (t) => {
  const { send } = await startDjs(t, server());
  const body = {
    name: 'Zero',
    city: 'Cork',
    fee: { amount: 0, currency: 'GBP' },
    genres: ['house'],
  };
  const made = await send('POST', '/djs', as('organizer'), body);
  t.deepEqual(made.body.fee, { amount: 0, currency: 'GBP' });
  const change = (etag: string, fields: object) =>
    send('PATCH', `/djs/${made.body.id}`, { ...as('organizer'), 'if-match': etag }, fields);

  const moved = await change(made.etag, { city: 'derry' });
  t.deepEqual(moved.body, { ...made.body, city: 'Derry' });
  const unknown = await change(moved.etag, { fee: null });
  t.deepEqual(unknown.body, { ...moved.body, fee: null, feeInEuro: null });
  t.is((await change(moved.etag, { fee: null })).status, 412);
  t.is((await change(unknown.etag, {})).status, 400);
});

test('7.B-19 – wildcards in a search – stand for themselves', async (t) => {
  const { send, names } = await startDjs(t, server());
  await send('POST', '/djs', as('organizer'), { name: '100% Vinyl', city: 'Ennis' });
  await send('POST', '/djs', as('organizer'), { name: 'Vinyl Only', city: 'Ennis' });

  for (const q of ['%25', '_', '%25%25', '*', '%2B-']) {
    t.is((await send('GET', `/v1/djs/search?q=${q}`)).status, 400, q);
  }
  t.deepEqual(await names('city=Ennis&q=100%25'), ['100% Vinyl']);
  t.deepEqual(await names('city=Enn_s'), []);
  t.deepEqual(await names('genres=h_use,tr%25d'), []);
});

for (const [what, fee, field] of [
  ['negative', { amount: -1, currency: 'EUR' }, 'body.fee.amount'],
  ['of no currency', { amount: 1, currency: 'XYZ' }, 'body.fee.currency'],
  ['of half a cent', { amount: 10.005, currency: 'EUR' }, 'body.fee.amount'],
  ['of half a yen', { amount: 100.5, currency: 'JPY' }, 'body.fee.amount'],
] as const) {
  test(`djs – a fee ${what} – is refused at ${field}`, async (t) => {
    const { send } = await startDjs(t, server());

    const answer = await send('POST', '/djs', as('organizer'), { name: 'N', city: 'Cork', fee });

    t.is(answer.status, 400);
    t.like((answer.body.errors as object[])[0], { field });
  });
}

test('djs – a search for who is free – knows offers and bookings', async (t) => {
  const { send, names } = await startDjs(t, server());
  const make = async (name: string) =>
    (await send('POST', '/djs', as('organizer'), { name, city: 'Athlone' })).body.id;
  const [busy, open] = [await make('Busy'), await make('Open')];
  await make('Silent');
  const night = { startsAt: '2027-03-01T18:00:00Z', endsAt: '2027-03-02T06:00:00Z' };
  for (const id of [busy, open]) {
    t.is((await send('POST', `/v1/djs/${id}/availability`, as('organizer'), night)).status, 201);
  }
  const booking = { ...night, kind: 'booked', endsAt: '2027-03-01T23:00:00Z' };
  await send('POST', `/v1/djs/${busy}/availability`, as('organizer'), booking);

  const span = 'freeFrom=2027-03-01T22:00:00Z&freeTo=2027-03-02T02:00:00Z';
  t.deepEqual(await names(`city=Athlone&${span}`), ['Open']);
});

test('djs – mentioned in titles – are known by whole names, with or without fadas', async (t) => {
  const { send } = await startDjs(t, server());
  for (const name of ['Síofra Wax', 'Her', 'Aoife']) {
    await send('POST', '/djs', as('organizer'), { name, city: 'Wexford' });
  }
  const texts = [
    'SIOFRA WAX all night long',
    'Together with Aoife, and Síofra Wax!',
    'Whatever',
    '',
  ];

  const { body } = await send('POST', '/internal/djs/mentions', {}, { texts });

  const { mentions } = body as unknown as { mentions: { name: string }[][] };
  t.deepEqual(
    mentions.map((list) => list.map(({ name }) => name).sort()),
    [['Síofra Wax'], ['Aoife', 'Síofra Wax'], [], []],
  );
});

test('7.B-13 a DJ – with texts longer than their columns – is refused by field, never by the database', async (t) => {
  const { send } = await startDjs(t, server());
  const long = { name: 'x'.repeat(161), city: 'x'.repeat(65), bio: 'x'.repeat(5_001) };
  for (const [field, value] of Object.entries(long)) {
    const body = { name: 'D', city: 'Cork', [field]: value };
    const answer = await send('POST', '/djs', as('organizer'), body);
    t.is(answer.status, 400);
    t.is((answer.body.errors as { field: string }[])[0]?.field, `body.${field}`);
  }
  const accents = { name: 'ó'.repeat(160), city: 'Cork' };
  t.is((await send('POST', '/djs', as('organizer'), accents)).status, 201);
});
