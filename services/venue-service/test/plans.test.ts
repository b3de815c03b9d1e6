import test from 'ava';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { as } from '../../platform/test/helpers/keepers.ts';
import { startMarketplace } from './helpers/start-marketplace.ts';

const server = useDatabase(test);
const night = { startsAt: '2027-03-05T20:00:00.000Z', endsAt: '2027-03-06T02:00:00.000Z' };

test.serial(
  '7.B-18 plan – made, changed, removed – is what was written, and nobody else sees it',
  async (t) => {
    const { ask } = await startMarketplace(t, server());
    const body = {
      ...{ name: 'Samhain', city: 'cork', capacity: 200, budgetMax: 500.5, genres: ['TECHNO'] },
      ...{ gearNeeds: ['two CDJs'], vibeTags: ['dark'], ...night },
    };

    const made = await ask('POST', '/v1/organizer/plans', body);
    const path = made.headers.get('location') ?? '';
    const read = await ask('GET', path);
    const other = { ...as('organizer', 2) };
    const match = { ...as('organizer'), 'if-match': read.etag };
    const changed = await ask('PATCH', path, { name: 'Oíche Shamhna', city: null }, match);
    const late = await ask('PATCH', path, { name: 'Late' }, match);

    t.is(made.status, 201);
    t.like(made.body, { ...body, city: 'Cork', genres: ['Techno'] });
    t.deepEqual(read.body, made.body);
    t.like(changed.body, { name: 'Oíche Shamhna', city: null, capacity: 200, budgetMax: 500.5 });
    t.is(late.body.code, 'version_conflict');
    for (const [method, what] of [
      ['GET', path],
      ['GET', `${path}/matches/djs`],
      ['GET', `${path}/shortlist`],
    ]) {
      t.is((await ask(String(method), String(what), undefined, other)).body.code, 'plan_not_found');
    }
    const stolen = { ...other, 'if-match': '*' };
    t.is((await ask('PATCH', path, { name: 'Mine' }, stolen)).status, 404);
    t.is((await ask('DELETE', path, undefined, stolen)).status, 404);
    t.is(
      (await ask('DELETE', path, undefined, { ...as('organizer'), 'if-match': '*' })).status,
      204,
    );
    t.is((await ask('GET', path)).status, 404);
  },
);

test.serial(
  'plan – sent again with its key – is one plan; the list pages by the newest',
  async (t) => {
    const { ask } = await startMarketplace(t, server());
    const organizer = as('organizer', 5);
    const keyed = { ...organizer, 'idempotency-key': 'a-key-of-a-plan' };
    const first = await ask('POST', '/v1/organizer/plans', { name: 'One' }, keyed);
    const again = await ask('POST', '/v1/organizer/plans', { name: 'One' }, keyed);
    await ask('POST', '/v1/organizer/plans', { name: 'Two' }, organizer);

    const page = await ask('GET', '/v1/organizer/plans?limit=1', undefined, organizer);
    const next = `/v1/organizer/plans?limit=1&cursor=${page.body.nextCursor}`;
    const rest = await ask('GET', next, undefined, organizer);

    t.is(again.body.id, first.body.id);
    t.is(again.headers.get('idempotent-replayed'), 'true');
    t.is(page.body.plans[0].name, 'Two');
    t.deepEqual([rest.body.plans[0].name, rest.body.hasMore], ['One', false]);
  },
);

const bad: readonly [object, string][] = [
  [{ name: ' ' }, 'body.name'],
  [{ name: 'A', city: 'Atlantis' }, 'body.city'],
  [{ name: 'A', genres: ['Shouting'] }, 'body.genres'],
  [{ name: 'A', startsAt: night.startsAt }, 'body.endsAt'],
  [{ name: 'A', startsAt: night.endsAt, endsAt: night.startsAt }, 'body.endsAt'],
  [{ name: 'A', capacity: 0 }, 'body.capacity'],
  [{ name: 'A', budgetMax: -1 }, 'body.budgetMax'],
  [{ name: 'A', owner: 7 }, 'body.owner'],
];
test.serial('plan – fields that cannot stand – are refused by name', async (t) => {
  const { ask } = await startMarketplace(t, server());
  for (const [body, field] of bad) {
    const told = await ask('POST', '/v1/organizer/plans', body);
    t.deepEqual([told.status, told.body.errors?.[0].field], [400, field], JSON.stringify(body));
  }
});

test.serial(
  '7.A-13 plan – a user without the role, and nobody – are let at nothing of the marketplace',
  async (t) => {
    const { ask } = await startMarketplace(t, server());
    t.is((await ask('POST', '/v1/organizer/plans', { name: 'A' }, as('user'))).status, 403);
    t.is(
      (await ask('GET', '/v1/organizer/contact-templates', undefined, { authorization: '' }))
        .status,
      401,
    );
  },
);

test.serial(
  '7.B-1 matches – DJs – come all who meet every wish, then those who lack one, each once, with reasons',
  async (t) => {
    const market = await startMarketplace(t, server());
    const { ask, dj, offer } = market;
    const fits = { city: 'Cork', genres: ['Techno'], fee: { amount: 400, currency: 'EUR' } };
    const ids = {
      fits: await dj({ name: 'B fits', ...fits }),
      alsoFits: await dj({ name: 'A fits too', ...fits }),
      dear: await dj({ name: 'C dear', ...fits, fee: { amount: 900, currency: 'EUR' } }),
      unknownFee: await dj({ name: 'D unknown', ...fits, fee: null }),
      far: await dj({ name: 'E far', ...fits, city: 'Galway' }),
      busy: await dj({ name: 'F busy', ...fits }),
      other: await dj({ name: 'G trad', ...fits, genres: ['Sean-nós'] }),
      two: await dj({ name: 'H two things', ...fits, city: 'Galway', genres: ['Sean-nós'] }),
    };
    for (const id of Object.values(ids)) await offer('dj', id, night.startsAt, night.endsAt);
    await offer('dj', ids.busy, night.startsAt, night.endsAt, 'booked');
    const id = await market.plan({ city: 'Cork', genres: ['Techno'], budgetMax: 500, ...night });

    const found: { dj: { id: number }; lacks: string | null; reasons: object[] }[] = [];
    let cursor = '';
    do {
      const { body } = await ask('GET', `/v1/organizer/plans/${id}/matches/djs?limit=2${cursor}`);
      found.push(...body.matches);
      t.is(body.hasMore, body.nextCursor !== null);
      cursor = body.nextCursor ? `&cursor=${body.nextCursor}` : '';
    } while (cursor);

    t.deepEqual(
      found.map((match) => [match.dj.id, match.lacks]),
      [
        [ids.alsoFits, null],
        [ids.fits, null],
        [ids.other, 'genres'],
        [ids.busy, 'free'],
        [ids.dear, 'fee'],
        [ids.unknownFee, 'fee'],
        [ids.far, 'city'],
      ],
    );
    t.deepEqual(found[4]?.reasons, [
      { wish: 'city', met: true, text: 'in Cork' },
      { wish: 'genres', met: true, text: 'Techno' },
      { wish: 'free', met: true, text: 'offered for all of the time, and not booked' },
      { wish: 'fee', met: false, text: 'asks €900.00; the budget is €500.00' },
    ]);
  },
);

test.serial(
  '7.B-16 matches – venues – a booked or too small one is told to lack it, one that was never offered too',
  async (t) => {
    const market = await startMarketplace(t, server());
    const { ask, venue, offer } = market;
    const fits = { city: 'Sligo', capacity: 300, genres: ['House'] };
    const ids = {
      fits: await venue({ name: 'Fits', ...fits }),
      booked: await venue({ name: 'Booked', ...fits }),
      never: await venue({ name: 'Never offered', ...fits }),
      small: await venue({ name: 'Small', ...fits, capacity: 80 }),
      unknown: await venue({ name: 'Unknown size', ...fits, capacity: null }),
    };
    for (const id of [ids.fits, ids.booked, ids.small, ids.unknown]) {
      await offer('venue', id, night.startsAt, night.endsAt);
    }
    await offer('venue', ids.booked, '2027-03-05T23:00:00.000Z', night.endsAt, 'booked');
    const id = await market.plan({ city: 'Sligo', capacity: 200, genres: ['House'], ...night });

    const { body } = await ask('GET', `/v1/organizer/plans/${id}/matches/venues`);

    t.deepEqual(
      body.matches.map((match: { venue: { id: number }; lacks: string }) => [
        match.venue.id,
        match.lacks,
      ]),
      [
        [ids.fits, null],
        [ids.booked, 'free'],
        [ids.never, 'free'],
        [ids.small, 'capacity'],
        [ids.unknown, 'capacity'],
      ],
    );
    t.deepEqual(body.matches[3].reasons.at(-1), {
      ...{ wish: 'capacity', met: false, text: 'room for 80; 200 are expected' },
    });
  },
);

test.serial(
  'matches – a plan without wishes, and one with a genre that nobody plays – are all, and who lacks only that',
  async (t) => {
    const market = await startMarketplace(t, server());
    await market.dj({ name: 'Anybody', city: 'Athlone' });
    const open = await market.plan();
    const narrow = await market.plan({ city: 'Athlone', genres: ['Americana'] });

    const all = await market.ask('GET', `/v1/organizer/plans/${open}/matches/djs`);
    const few = await market.ask('GET', `/v1/organizer/plans/${narrow}/matches/djs`);

    t.true(all.body.matches.length > 0);
    t.deepEqual(all.body.matches[0].reasons, []);
    t.deepEqual(
      few.body.matches.map(({ dj, lacks }: { dj: { name: string }; lacks: string }) => [
        dj.name,
        lacks,
      ]),
      [['Anybody', 'genres']],
    );
  },
);
