import { InvalidRequest } from '@whatsthecraic/platform/errors';
import test from 'ava';
import { endOfIrishDay, startOfIrishDay } from '../src/domain/irish-time.ts';
import { type Night, timeWindow } from '../src/domain/time-window.ts';

const days: Record<string, [string, string]> = {
  '2026-01-15': ['2026-01-15T00:00:00.000Z', '2026-01-16T00:00:00.000Z'],
  '2026-07-15': ['2026-07-14T23:00:00.000Z', '2026-07-15T23:00:00.000Z'],
  // Clocks go forward at 01:00 UTC on 29 March 2026 and back at 01:00 UTC on 25 October 2026.
  '2026-03-29': ['2026-03-29T00:00:00.000Z', '2026-03-29T23:00:00.000Z'],
  '2026-10-25': ['2026-10-24T23:00:00.000Z', '2026-10-26T00:00:00.000Z'],
  '2026-12-31': ['2026-12-31T00:00:00.000Z', '2027-01-01T00:00:00.000Z'],
};

for (const [day, [start, end]] of Object.entries(days)) {
  test(`irish day – ${day} – begins and ends by Irish clocks`, (t) => {
    t.is(startOfIrishDay(day).toISOString(), start);
    t.is(endOfIrishDay(day).toISOString(), end);
  });
}

const now = new Date('2026-11-23T12:00:00Z');

test('timeWindow – nothing asked – is from now for 90 days', (t) => {
  t.deepEqual(timeWindow({}, now), {
    from: now,
    to: new Date('2027-02-21T12:00:00Z'),
  });
});

test('timeWindow – a day that has begun – leaves out what is over', (t) => {
  t.deepEqual(timeWindow({ from: '2026-11-23', to: '2026-11-23' }, now), {
    from: now,
    to: new Date('2026-11-24T00:00:00Z'),
  });
});

test('timeWindow – moments with a zone – are taken as they are', (t) => {
  t.deepEqual(timeWindow({ from: '2026-12-01T20:00:00+01:00', to: '2026-12-01T22:00:00Z' }, now), {
    from: new Date('2026-12-01T19:00:00Z'),
    to: new Date('2026-12-01T22:00:00Z'),
  });
});

test('timeWindow – an end before its start – is a fault of the request', (t) => {
  t.throws(() => timeWindow({ from: '2026-12-02', to: '2026-12-01' }, now), {
    instanceOf: InvalidRequest,
  });
});

/** What is asked for, at what moment, and from when to when that is. */
const nights: readonly [Night, string, string, string][] = [
  // A Monday in winter, at noon: Irish clocks show UTC.
  ['tonight', '2026-11-23T12:00:00Z', '2026-11-23T17:00:00Z', '2026-11-24T06:00:00Z'],
  ['tomorrow', '2026-11-23T12:00:00Z', '2026-11-24T17:00:00Z', '2026-11-25T06:00:00Z'],
  ['weekend', '2026-11-23T12:00:00Z', '2026-11-27T17:00:00Z', '2026-11-30T06:00:00Z'],
  // In summer they are an hour ahead of it.
  ['tonight', '2026-07-01T12:00:00Z', '2026-07-01T16:00:00Z', '2026-07-02T05:00:00Z'],
  // Half past midnight is still the night before; what has begun is left out.
  ['tonight', '2026-07-02T00:30:00Z', '2026-07-02T00:30:00Z', '2026-07-02T05:00:00Z'],
  ['tomorrow', '2026-07-02T00:30:00Z', '2026-07-02T16:00:00Z', '2026-07-03T05:00:00Z'],
  // The weekend lasts until Monday morning, and the next one begins then.
  ['weekend', '2026-11-29T23:00:00Z', '2026-11-29T23:00:00Z', '2026-11-30T06:00:00Z'],
  ['weekend', '2026-11-30T05:30:00Z', '2026-11-30T05:30:00Z', '2026-11-30T06:00:00Z'],
  ['weekend', '2026-11-30T06:30:00Z', '2026-12-04T17:00:00Z', '2026-12-07T06:00:00Z'],
  ['weekend', '2026-11-28T12:00:00Z', '2026-11-28T12:00:00Z', '2026-11-30T06:00:00Z'],
  // Clocks go forward in the night to 29 March and back in that to 25 October.
  ['tonight', '2026-03-28T12:00:00Z', '2026-03-28T17:00:00Z', '2026-03-29T05:00:00Z'],
  ['weekend', '2026-10-23T12:00:00Z', '2026-10-23T16:00:00Z', '2026-10-26T06:00:00Z'],
];

for (const [when, moment, from, to] of nights) {
  test(`7.B-7 timeWindow – ${when} at ${moment} – goes by Irish clocks and nights`, (t) => {
    const window = timeWindow({ when }, new Date(moment));
    t.deepEqual(window, { from: new Date(from), to: new Date(to) });
  });
}

test('timeWindow – a night and a day – contradict each other', (t) => {
  const error = t.throws(() => timeWindow({ when: 'tonight', to: '2026-12-01' }, now), {
    instanceOf: InvalidRequest,
  });
  t.is(error?.errors[0]?.field, 'query.to');
});
