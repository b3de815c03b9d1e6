import { InvalidRequest } from '@whatsthecraic/platform/errors';
import test from 'ava';
import { endOfIrishDay, startOfIrishDay } from '../src/domain/irish-time.ts';
import { timeWindow } from '../src/domain/time-window.ts';

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
  t.deepEqual(timeWindow(undefined, undefined, now), {
    from: now,
    to: new Date('2027-02-21T12:00:00Z'),
  });
});

test('timeWindow – a day that has begun – leaves out what is over', (t) => {
  t.deepEqual(timeWindow('2026-11-23', '2026-11-23', now), {
    from: now,
    to: new Date('2026-11-24T00:00:00Z'),
  });
});

test('timeWindow – moments with a zone – are taken as they are', (t) => {
  t.deepEqual(timeWindow('2026-12-01T20:00:00+01:00', '2026-12-01T22:00:00Z', now), {
    from: new Date('2026-12-01T19:00:00Z'),
    to: new Date('2026-12-01T22:00:00Z'),
  });
});

test('timeWindow – an end before its start – is a fault of the request', (t) => {
  t.throws(() => timeWindow('2026-12-02', '2026-12-01', now), { instanceOf: InvalidRequest });
});
