import test from 'ava';
import { useDatabase } from '../../platform/test/helpers/database.ts';
import { as, senderTo } from '../../platform/test/helpers/keepers.ts';
import { startMarketplace } from './helpers/start-marketplace.ts';
import { startVenues } from './helpers/start-venues.ts';

const server = useDatabase(test);

test.serial(
  '7.B-18 shortlist – put, put again, taken off – holds each once, with its note',
  async (t) => {
    const market = await startMarketplace(t, server());
    const { ask } = market;
    const [id, dj, venue] = [await market.plan(), await market.dj(), await market.venue()];
    const path = `/v1/organizer/plans/${id}/shortlist`;

    const put = await ask('PUT', `${path}/dj/${dj}`, { note: 'plays vinyl' });
    await ask('PUT', `${path}/dj/${dj}`, { note: 'plays vinyl only' });
    await ask('PUT', `${path}/venue/${venue}`, {});
    const { body } = await ask('GET', path);

    t.is(put.status, 200);
    t.deepEqual(body.degraded, []);
    t.like(body.items, [
      { kind: 'dj', itemId: dj, note: 'plays vinyl only', dj: { id: dj }, venue: null },
      { kind: 'venue', itemId: venue, note: null, dj: null, venue: { id: venue } },
    ]);
    t.is((await ask('PUT', `${path}/dj/999999`, {})).body.code, 'dj_not_found');
    t.is((await ask('PUT', `${path}/venue/999999`, {})).body.code, 'venue_not_found');
    t.is((await ask('DELETE', `${path}/dj/${dj}`)).status, 204);
    t.is((await ask('DELETE', `${path}/dj/${dj}`)).body.code, 'not_on_shortlist');
    const other = as('organizer', 2);
    t.is(
      (await ask('DELETE', `${path}/venue/${venue}`, undefined, other)).body.code,
      'plan_not_found',
    );
  },
);

test.serial(
  'shortlist – the DJ service away – still says whom it holds, and names what is missing',
  async (t) => {
    const market = await startMarketplace(t, server());
    const [id, dj] = [await market.plan(), await market.dj({ name: 'Fionn' })];
    const path = `/v1/organizer/plans/${id}`;
    await market.ask('PUT', `${path}/shortlist/dj/${dj}`, {});
    const alone = senderTo((await startVenues(t, server())).url);

    const { status, body } = await alone('GET', `${path}/shortlist`, as('organizer'));
    const matches = await alone('GET', `${path}/matches/djs`, as('organizer'));
    const csv = await alone('GET', `${path}/shortlist/export`, as('organizer'));

    t.is(status, 200);
    t.like(body, { degraded: ['dj-service'], items: [{ name: 'Fionn', dj: null }] });
    t.deepEqual([matches.status, matches.body.code], [502, 'upstream_unavailable']);
    t.is(csv.status, 502, 'a table with holes would look whole');
  },
);

test.serial(
  '7.A-20 export – names and notes that a spreadsheet would run – are text in it',
  async (t) => {
    const market = await startMarketplace(t, server());
    const id = await market.plan();
    const evil = [
      '=HYPERLINK("http://evil.example")',
      '+1+1',
      '-2+3',
      '@SUM(A1)',
      'a "quoted", one',
    ];
    for (const name of evil) {
      const dj = await market.dj({
        name,
        contact: { email: 'dj@example.com', phone: '+353 1 234 5678' },
      });
      await market.ask('PUT', `/v1/organizer/plans/${id}/shortlist/dj/${dj}`, { note: '=1+1' });
    }
    const venue = await market.venue({ name: 'Róisín Dubh', contact: { note: '@door' } });
    await market.ask('PUT', `/v1/organizer/plans/${id}/shortlist/venue/${venue}`, {});

    const answer = await fetch(`${market.venues.url}/v1/organizer/plans/${id}/shortlist/export`, {
      headers: as('organizer'),
    });
    const text = Buffer.from(await answer.arrayBuffer()).toString('utf8');

    t.is(answer.headers.get('content-type'), 'text/csv; charset=utf-8');
    t.is(answer.headers.get('content-disposition'), `attachment; filename="shortlist-${id}.csv"`);
    t.true(text.startsWith('\ufeff"kind","id","name"'), 'Excel reads it as UTF-8');
    const cells = text
      .slice(1)
      .trim()
      .split('\r\n')
      .flatMap((line) => line.slice(1, -1).split('","'));
    t.deepEqual(
      cells.filter((cell) => /^[=+\-@\t\r]/.test(cell)),
      [],
    );
    t.true(text.includes('"\'=HYPERLINK(""http://evil.example"")"'));
    t.true(text.includes('"a ""quoted"", one"'));
    t.true(text.includes('"Róisín Dubh"') && text.includes('"dj@example.com"'));
  },
);

test.serial(
  '7.A-4 export – contact data – is for organizers and admins, and of the own plan',
  async (t) => {
    const market = await startMarketplace(t, server());
    const id = await market.plan();
    const path = `/v1/organizer/plans/${id}/shortlist/export`;

    t.is((await market.ask('GET', path, undefined, as('user'))).status, 403);
    t.is(
      (await market.ask('GET', path, undefined, as('organizer', 2))).body.code,
      'plan_not_found',
    );
    const inside = await market.djs.send('GET', '/internal/djs/contacts?ids=1', as('user'));
    t.is(inside.status, 403, 'nor from the service that keeps it');
  },
);

test.serial('shortlist – a hundred entries – is full', async (t) => {
  const market = await startMarketplace(t, server());
  const id = await market.plan();
  for (let n = 1; n <= 100; n++) {
    await server().insert('plan_shortlist', {
      plan_id: id,
      kind: 'dj',
      item_id: 500_000 + n,
      name: 'X',
    });
  }
  const dj = await market.dj();

  const full = await market.ask('PUT', `/v1/organizer/plans/${id}/shortlist/dj/${dj}`, {});

  t.deepEqual([full.status, full.body.code], [409, 'shortlist_full']);
});
