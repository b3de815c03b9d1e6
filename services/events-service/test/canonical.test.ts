import test from 'ava';
import fc from 'fast-check';
import { assign } from '../src/canonical/assign.ts';
import { cluster, type Decision } from '../src/canonical/cluster.ts';
import { merge } from '../src/canonical/merge.ts';
import { wordsOf } from '../src/canonical/normalise.ts';
import { partsOf } from '../src/canonical/parts.ts';
import { score } from '../src/canonical/score.ts';
import { keyOf, SOURCES, type SourceRecord } from '../src/canonical/source-event.ts';
import { readTitle } from '../src/canonical/title.ts';
import { record } from './helpers/source-events.ts';

const text = (title: string) => readTitle(title).words.join(' ');
const groupsOf = (records: readonly SourceRecord[], decisions: readonly Decision[] = []) =>
  cluster(records, decisions)
    .map((group) => group.map(keyOf).toSorted())
    .toSorted((a, b) => String(a).localeCompare(String(b)));

test('7.B-4 titles – fadas, case, signs and tickets – do not make another title', (t) => {
  t.is(text('Róisín Dubh'), text('ROISIN  DUBH!'));
  t.is(text('Fontaines D.C.'), text('Fontaines DC'));
  t.is(text('Lankum – VIP Package'), text('Lankum'));
  t.is(text('Kneecap (Rescheduled)'), text('Kneecap'));
  t.is(text('Drum & Bass'), text('drum and bass'));
  t.is(text('VIP'), 'vip');
});

test('7.B-4 titles – in other scripts or of signs alone – stay what they are', (t) => {
  t.not(text('Молчат Дома'), text('Аквариум'));
  t.not(text('新しい学校のリーダーズ'), text('羊文学'));
  t.not(text('!!!'), text('+/-'));
  t.is(text('!!!'), '!!!');
  t.not(wordsOf('й').join(''), wordsOf('и').join(''));
});

test('7.B-4 matching – one title at one hour in Cork and in Dublin, neither with a position – stays two', (t) => {
  const night = { title: 'Open Mic Night', venue: null } as const;
  const cork = record({ ...night, city: 'Cork', source: 'dice' });
  const dublin = record({ ...night, city: 'Dublin' });
  const houses = [
    record({ ...night, venue: { name: 'Salt Store', position: null } }),
    record({ ...night, source: 'dice', venue: { name: 'Tonn', position: null } }),
  ];

  t.is(cluster([cork, dublin]).length, 2);
  t.is(cluster(houses).length, 2);
});

test('matching – the same gig of three sources – is one event, with a reason for each score', (t) => {
  const ticketmaster = record({
    title: 'Róisín Ó Sé with Soft Tides',
    artists: ['Róisín Ó Sé', 'Soft Tides'],
  });
  const dice = record({
    source: 'dice',
    title: 'Roisin O Se',
    venue: { name: 'Lantern, Dublin', position: null },
    startsAt: new Date('2026-12-04T19:00:00Z'),
  });
  const bandsintown = record({
    source: 'bandsintown',
    title: 'Róisín Ó Sé @ The Lantern',
    artists: ['Róisín Ó Sé'],
    venue: { name: 'The Lantern', position: { latitude: 53.3402, longitude: -6.2601 } },
  });

  t.is(cluster([ticketmaster, dice, bandsintown]).length, 1);
  const { reasons, points, veto } = score(ticketmaster, dice);
  t.is(veto, undefined);
  t.deepEqual(
    reasons.map(({ about }) => about),
    ['title', 'venue', 'time'],
  );
  t.is(
    reasons.reduce((sum, reason) => sum + reason.points, 0),
    points,
  );
  t.true(reasons.every((reason) => reason.text.length > 5));
});

test('7.B-4 matching – 19:59 and 20:00, and positions at the edge of a cell – are one', (t) => {
  const one = record({ startsAt: new Date('2026-12-04T19:59:00Z') });
  const other = record({
    source: 'dice',
    venue: { name: 'The Lantern', position: { latitude: 53.3451, longitude: -6.26 } },
  });
  t.is(
    cluster([one, { ...other, venue: { ...(other.venue as object), position: null } as never }])
      .length,
    1,
  );
  t.is(score(one, other).veto, undefined);
});

test('matching – matinee and evening, two titles in one house, one source twice – stay apart', (t) => {
  const evening = record();
  t.is(
    cluster([evening, record({ source: 'dice', startsAt: new Date('2026-12-04T14:00:00Z') })])
      .length,
    2,
  );
  t.is(cluster([evening, record({ source: 'dice', title: 'Silver Harbour' })]).length, 2);
  t.is(cluster([evening, record({ title: 'Paper Wolves and friends' })]).length, 2);
  t.is(cluster([evening, record({ title: 'Paper Wolves - VIP Package' })]).length, 1);
});

test('7.B-8 matching – a row that was moved – stays with those that still have the old day, and its day counts', (t) => {
  const old = record({ source: 'bandsintown' });
  const moved = record({
    startsAt: new Date('2027-02-12T20:00:00Z'),
    formerStartsAt: old.startsAt,
  });
  const [group = [], ...others] = cluster([old, moved]);
  t.is(others.length, 0);
  t.deepEqual(merge(group).startsAt, moved.startsAt);
});

test('7.B-8 matching – a row that was moved – leads one that has only the old day to one that has only the new', (t) => {
  const [old, day] = [new Date('2026-12-04T20:00:00Z'), new Date('2027-02-12T20:00:00Z')];
  const late = record({ source: 'bandsintown', startsAt: old });
  const early = record({ source: 'dice', startsAt: day });
  const moved = record({ startsAt: day, formerStartsAt: old });
  t.is(cluster([late, early]).length, 2);
  t.is(cluster([late, early, moved]).length, 1);
  // Two nights that one source lists are two, wherever a third has moved its own.
  t.is(cluster([{ ...late, source: 'dice' }, early, moved]).length, 2);
});

test('decisions – of an admin – come before any score, and undone nothing of them is left', (t) => {
  const [one, other, third] = [
    record(),
    record({ source: 'dice' }),
    record({ source: 'eventbrite', title: 'Secret Show' }),
  ];
  const apart: Decision = { kind: 'apart', oneId: one.id, otherId: other.id };
  const together: Decision = { kind: 'together', oneId: one.id, otherId: third.id };

  t.is(cluster([one, other, third]).length, 2);
  t.is(cluster([one, other, third], [apart]).length, 3);
  t.is(cluster([one, other, third], [together]).length, 1);
  t.is(cluster([one, other, third], [apart, together]).length, 2);
});

test('7.B-5 merge – a second source that says nothing – hides nothing, and the rank of sources decides', (t) => {
  const full = record({
    source: 'bandsintown',
    description: 'All of it',
    genres: ['rock'],
    price: { min: 1000, max: null, currency: 'EUR' },
    status: 'scheduled',
  });
  const bare = record({ title: 'Paper Wolves (Dublin)' });
  const merged = merge([full, bare]);

  t.like(merged, {
    title: 'Paper Wolves (Dublin)',
    description: 'All of it',
    genres: ['rock'],
    price: full.price,
  });
  t.is(merge([full, record({ status: 'cancelled' })]).status, 'cancelled');
  t.is(
    merge([record({ source: 'bandsintown', status: 'cancelled' }), record({ status: 'scheduled' })])
      .status,
    'scheduled',
  );
  t.true(merge([{ ...full, isGone: true }]).isWithdrawn);
  t.false(merge([{ ...full, isGone: true }, bare]).isWithdrawn);
  t.is(merge([{ ...full, isGone: true }, bare]).description, null);
});

/** Rows as sources vary them, from a small world, so that they often meet. */
const rows = fc
  .array(
    fc.record({
      source: fc.constantFrom(...SOURCES),
      act: fc.constantFrom(
        'Róisín Ó Sé',
        'Roisin O Se',
        'Paper Wolves',
        'Paper Wolves with Soft Tides',
        '!!!',
        'Open Mic',
      ),
      venue: fc.constantFrom('The Lantern', 'Lantern', 'Salt Store', null),
      minutes: fc.constantFrom(0, 1, 60, 300),
      gone: fc.boolean(),
      price: fc.option(fc.integer({ min: 0, max: 5_000 })),
    }),
    { maxLength: 9 },
  )
  .map((list) =>
    list.map(({ source, act, venue, minutes, gone, price }, index) =>
      record({
        source,
        sourceId: String(index),
        title: act,
        venue: venue === null ? null : { name: venue, position: null },
        startsAt: new Date(Date.UTC(2026, 11, 4, 20) + minutes * 60_000),
        isGone: gone,
        price: price === null ? null : { min: price, max: null, currency: 'EUR' },
      }),
    ),
  );

test('property – any order of arrival – gives the same groups and the same merged events', (t) => {
  fc.assert(
    fc.property(rows, fc.infiniteStream(fc.nat()), (records, order) => {
      const mixed = records
        .map((it) => ({ it: { ...it, id: 10_000 - it.id }, at: order.next().value as number }))
        .toSorted((a, b) => a.at - b.at)
        .map(({ it }) => it);
      t.deepEqual(groupsOf(mixed), groupsOf(records));
      const merged = (all: readonly SourceRecord[]) =>
        cluster(all)
          .map((group) => JSON.stringify(merge(group)))
          .toSorted();
      t.deepEqual(merged(mixed), merged(records));
    }),
  );
});

test('property – the same rows again – keep their events, and none has two', (t) => {
  fc.assert(
    fc.property(rows, (records) => {
      const first = assign(cluster(records));
      t.true(first.every(({ eventId }) => eventId === undefined));
      const numbered = first.flatMap(({ records: group }, index) =>
        group.map((it) => ({ ...it, eventId: index + 1 })),
      );
      const again = assign(cluster(numbered));
      for (const { records: group, eventId, absorbed } of again) {
        t.deepEqual(absorbed, []);
        t.true(group.every((it) => it.eventId === eventId));
      }
      t.is(again.length, first.length);
    }),
  );
});

test('parts – nights, moves between them and what an admin linked – hang together, and nothing else does', (t) => {
  const on = (day: string, more: Partial<SourceRecord> = {}) =>
    record({ startsAt: new Date(`2026-12-${day}T20:00:00Z`), ...more });
  const [a, b, c, d, late] = [on('01'), on('02'), on('03'), on('04'), on('02', { source: 'dice' })];
  const moved = on('03', { formerStartsAt: a.startsAt });
  const ids = (parts: readonly (readonly SourceRecord[])[]) =>
    parts.map((part) => part.map(({ id }) => id).toSorted((x, y) => x - y)).toSorted();

  t.deepEqual(ids(partsOf([a, b, c, d, late])), ids([[a], [b, late], [c], [d]]));
  t.deepEqual(ids(partsOf([a, b, c, d, moved])), ids([[a, c, moved], [b], [d]]));
  const linked: Decision = { kind: 'together', oneId: b.id, otherId: d.id };
  t.deepEqual(
    ids(partsOf([d, moved, c, b, a], [linked])),
    ids([
      [a, c, moved],
      [b, d],
    ]),
  );
});

test('property – parts by themselves, in any order – make the same groups as all rows at once', (t) => {
  fc.assert(
    fc.property(rows, (records) => {
      const spread = records.map((it, n) => ({
        ...it,
        startsAt: new Date(it.startsAt.getTime() + (n % 3) * 86_400_000),
        formerStartsAt: n % 5 === 4 ? it.startsAt : null,
      }));
      const whole = groupsOf(spread);
      const parts = partsOf(spread.toReversed()).flatMap((part) => groupsOf(part));
      t.deepEqual(
        parts.toSorted((a, b) => String(a).localeCompare(String(b))),
        whole,
      );
    }),
  );
});

test('assign – events that turn out to be one, and then not – the older goes on, and each has its own again', (t) => {
  const [one, other] = [record({ eventId: 7 }), record({ source: 'dice', eventId: 9 })];
  t.like(assign([[one, other]])[0], { eventId: 7, absorbed: [9] });
  const [a, b] = assign([[one], [{ ...other, eventId: 7 }]]);
  t.like(a, { eventId: 7, absorbed: [] });
  t.is(b?.eventId, undefined);
});
