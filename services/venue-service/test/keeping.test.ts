import test from 'ava';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { as } from '../../platform/test/helpers/keepers.ts';
import { newVenue, startVenues } from './helpers/start-venues.ts';

const server = useDatabase(test);

test('7.A-3, OWASP API5:2023 – writes without a token, or of a mere user – change nothing', async (t) => {
  const { send } = await startVenues(t, server());
  const made = await send('POST', '/venues', as('organizer'), newVenue());
  const path = `/venues/${made.body.id}`;
  const calendar = `/v1${path}/availability`;

  for (const [method, where, body] of [
    ['POST', '/venues', newVenue()],
    ['PATCH', path, { capacity: 1 }],
    ['DELETE', path],
    ['POST', calendar, {}],
    ['DELETE', `${calendar}/1`],
  ] as const) {
    t.is((await send(method, where, {}, body)).status, 401, `${method} ${where}`);
    t.is((await send(method, where, as('user'), body)).status, 403, `${method} ${where}`);
  }
  t.is((await send('GET', path)).etag, made.etag);
});

test('venues – made by an organizer – are told where they are, and found', async (t) => {
  const { send, names } = await startVenues(t, server());
  const body = newVenue({ name: 'Tigh Nóra', city: 'galway', genres: ['trad', 'Sean-nos'] });

  const made = await send('POST', '/venues', as('organizer'), body);

  t.is(made.status, 201, JSON.stringify(made.body));
  t.is(made.headers.get('location'), `/venues/${made.body.id}`);
  t.like(made.body, { city: 'Galway', capacity: null, genres: ['Sean-nós', 'Trad'] });
  t.deepEqual(await names('q=tigh nora'), ['Tigh Nóra']);
  t.deepEqual(await names('city=Galway&genres=folk'), ['Tigh Nóra'], 'a family finds its genres');
});

test('7.B-15 – a change of one field – leaves every other as it was, zero included', async (t) => {
  const { send } = await startVenues(t, server());
  const body = newVenue({ capacity: 80, position: { latitude: 0, longitude: 0 }, genres: ['dub'] });
  const made = await send('POST', '/venues', as('organizer'), body);

  const changed = await send(
    'PATCH',
    `/venues/${made.body.id}`,
    { ...as('organizer'), 'if-match': made.etag },
    { name: 'Renamed' },
  );

  t.is(changed.status, 200);
  t.deepEqual(changed.body, { ...made.body, name: 'Renamed' });
  t.not(changed.etag, made.etag);
});

test.serial('7.B-15 – 25 made at once – each is told its own, never somebody else’s', async (t) => {
  const { send } = await startVenues(t, server());
  const bodies = Array.from({ length: 25 }, () => newVenue());

  const made = await Promise.all(bodies.map((body) => send('POST', '/venues', as('admin'), body)));

  t.deepEqual(
    made.map(({ body }) => body.name),
    bodies.map(({ name }) => name),
  );
  t.is(new Set(made.map(({ body }) => body.id)).size, 25);
});

test.serial(
  'venues – two changes of what both have read – the second is told, nothing is lost',
  async (t) => {
    const { send } = await startVenues(t, server());
    const { body, etag } = await send('POST', '/venues', as('organizer'), newVenue());
    const headers = { ...as('organizer'), 'if-match': etag };

    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        send('PATCH', `/venues/${body.id}`, headers, { capacity: index + 1 }),
      ),
    );

    t.deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array(11).fill(412)]);
    const lost = answers.find(({ status }) => status === 412);
    t.is(lost?.body.code, 'version_conflict');
    const bare = await send('PATCH', `/venues/${body.id}`, as('organizer'), { capacity: 5 });
    t.like(bare, { status: 428, body: { code: 'version_required' } });
    const any = { ...as('organizer'), 'if-match': '*' };
    t.is((await send('PATCH', `/venues/${body.id}`, any, { capacity: 5 })).status, 200);
  },
);

test('OWASP API1:2023 – what an organizer made – another one cannot change or remove, an admin can', async (t) => {
  const { send } = await startVenues(t, server());
  const { body, etag } = await send('POST', '/venues', as('organizer', 1), newVenue());
  const path = `/venues/${body.id}`;
  const match = { 'if-match': etag };
  const window = { startsAt: '2027-01-01T20:00:00Z', endsAt: '2027-01-02T02:00:00Z' };

  for (const [method, where, sent] of [
    ['PATCH', path, { capacity: 1 }],
    ['DELETE', path],
    ['POST', `/v1${path}/availability`, window],
    ['DELETE', `/v1${path}/availability/1`],
  ] as const) {
    const answer = await send(method, where, { ...as('organizer', 2), ...match }, sent);
    t.like(answer, { status: 403, body: { code: 'forbidden' } }, `${method} ${where}`);
  }
  t.is((await send('DELETE', path, { ...as('admin', 3), ...match })).status, 204);
  t.is((await send('GET', path)).status, 404);
});

test('OWASP API3:2023 – fields nobody may write – are refused by name', async (t) => {
  const { send } = await startVenues(t, server());

  for (const field of ['id', 'owner_id', 'ownerId', 'version', 'slug']) {
    const answer = await send('POST', '/venues', as('organizer'), newVenue({ [field]: 7 }));
    t.is(answer.status, 400);
    t.regex(JSON.stringify(answer.body.errors), new RegExp(`body.${field}.*known: name, address`));
  }
});

test('7.A-4 – how to reach a venue – is told to organizers, and in no other answer', async (t) => {
  const { send } = await startVenues(t, server());
  const contact = { email: 'office@venue.example', phone: '+353 1 555 0100' };
  const { body, etag } = await send('POST', '/venues', as('organizer'), newVenue({ contact }));
  const path = `/venues/${body.id}`;

  t.like((await send('GET', `${path}/contact`, as('organizer', 9))).body, {
    ...contact,
    website: null,
  });
  t.is((await send('GET', `${path}/contact`)).status, 401);
  t.is((await send('GET', `${path}/contact`, as('user'))).status, 403);
  const headers = { ...as('organizer'), 'if-match': etag };
  const changed = await send('PATCH', path, headers, { contact: { phone: null } });
  t.like((await send('GET', `${path}/contact`, as('admin'))).body, {
    email: contact.email,
    phone: null,
  });
  const elsewhere = [
    changed.body,
    (await send('GET', path)).body,
    (await send('GET', '/venues?limit=100')).body,
    (await send('GET', `${path}/changes`, as('admin'))).body,
  ];
  t.notRegex(JSON.stringify(elsewhere), /venue\.example|555 0100/);
});

test('venues – their history – tells who did what and when, newest first, also when they are gone', async (t) => {
  const { send } = await startVenues(t, server());
  const { body, etag } = await send('POST', '/venues', as('organizer', 5), newVenue());
  const path = `/venues/${body.id}`;
  const match = { 'if-match': etag, 'x-request-id': 'the-change' };
  await send('PATCH', path, { ...as('organizer', 5), ...match }, { capacity: 90 });
  await send('DELETE', path, { ...as('admin', 6), 'if-match': '*' });

  const { changes } = (await send('GET', `${path}/changes`, as('admin'))).body as unknown as {
    changes: Record<string, unknown>[];
  };

  t.deepEqual(
    changes.map(({ action, by }) => [action, by]),
    [
      ['delete', { id: 6, role: 'admin' }],
      ['update', { id: 5, role: 'organizer' }],
      ['create', { id: 5, role: 'organizer' }],
    ],
  );
  t.like(changes[1], { fields: { capacity: 90 }, requestId: 'the-change' });
  t.is((await send('GET', `${path}/changes`)).status, 401);
});

test.serial(
  'venues – the same request with the same key, 20 times at once – makes one',
  async (t) => {
    const { send } = await startVenues(t, server());
    const body = newVenue();
    const headers = { ...as('organizer'), 'idempotency-key': 'a-key-of-my-own' };

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => send('POST', '/venues', headers, body)),
    );

    t.deepEqual([...new Set(answers.map(({ status }) => status))], [201]);
    t.is(new Set(answers.map((it) => it.body.id)).size, 1);
    const replays = answers.filter((it) => it.headers.get('idempotent-replayed') === 'true');
    t.is(replays.length, 19);
    const other = await send('POST', '/venues', headers, newVenue());
    t.like(other, { status: 422, body: { code: 'idempotency_key_reused' } });
    const others = { ...headers, ...as('organizer', 2) };
    t.is((await send('POST', '/venues', others, newVenue())).status, 201, 'a key is its owner’s');
  },
);

test('venues – known twice, a city or genre that is not – is told with field and cure', async (t) => {
  const { send } = await startVenues(t, server());
  const body = newVenue();
  await send('POST', '/venues', as('organizer'), body);

  const twice = await send('POST', '/venues', as('organizer'), body);
  const city = await send('POST', '/venues', as('organizer'), newVenue({ city: 'Atlantis' }));
  const genre = await send('POST', '/venues', as('organizer'), newVenue({ genres: ['Polka'] }));

  t.like(twice, { status: 409, body: { code: 'venue_exists' } });
  t.is(city.status, 400);
  t.regex(JSON.stringify(city.body.errors), /body\.city.*Atlantis.*known: Athlone, Belfast/);
  t.regex(JSON.stringify(genre.body.errors), /body\.genres.*Polka.*known: Ambient/);
});

test('venues – read again with its ETag – is a 304 without a body, until it changes', async (t) => {
  const { send, url } = await startVenues(t, server());
  const { body } = await send('POST', '/venues', as('organizer'), newVenue());
  const path = `/venues/${body.id}`;

  for (const where of [path, '/v1/venues/search?city=Kilkenny']) {
    const { etag } = await send('GET', where);
    t.regex(etag, /^"[\w.-]+"$/);
    const again = await fetch(url + where, { headers: { 'if-none-match': `"x", W/${etag}` } });
    t.is(again.status, 304);
    t.is(await again.text(), '');
    t.is(again.headers.get('cache-control'), 'public, max-age=60');
  }
  const { etag } = await send('GET', path);
  await send('PATCH', path, { ...as('organizer'), 'if-match': etag }, { capacity: 7 });
  t.is((await send('GET', path, { 'if-none-match': etag })).status, 200);
});
