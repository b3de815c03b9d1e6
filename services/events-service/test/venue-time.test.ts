import test from 'ava';
import { utcOf } from '../../../local/sources/irish-clock.ts';
import { momentAt, nightOf } from '../src/domain/venue-time.ts';

test('7.B-7 venue time – winter, summer and other zones – becomes the right moment', (t) => {
  const iso = (...args: Parameters<typeof momentAt>) => momentAt(...args).toISOString();
  t.is(iso('2026-12-04', '20:00'), '2026-12-04T20:00:00.000Z');
  t.is(iso('2026-07-01', '20:00:00'), '2026-07-01T19:00:00.000Z');
  t.is(iso('2026-07-01', '20:00', 'America/New_York'), '2026-07-02T00:00:00.000Z');
  t.is(iso('2026-07-01', '00:00'), '2026-06-30T23:00:00.000Z');
});

test('7.B-7 venue time – the hour that is skipped and the one that is repeated – is one moment each', (t) => {
  const iso = (...args: Parameters<typeof momentAt>) => momentAt(...args).toISOString();
  t.is(iso('2026-03-29', '00:30'), '2026-03-29T00:30:00.000Z');
  t.is(iso('2026-03-29', '01:30'), '2026-03-29T01:30:00.000Z');
  t.is(iso('2026-03-29', '02:30'), '2026-03-29T01:30:00.000Z');
  t.is(iso('2026-10-25', '01:30'), '2026-10-25T00:30:00.000Z');
  t.is(iso('2026-10-25', '02:30'), '2026-10-25T02:30:00.000Z');
});

test('venue time – each day of three years – agrees with another reckoning of the same rule', (t) => {
  for (let day = Date.UTC(2026, 0, 1); day < Date.UTC(2029, 0, 1); day += 86_400_000) {
    const date = new Date(day).toISOString().slice(0, 10);
    t.is(momentAt(date, '20:30').getTime(), Date.parse(utcOf({ date, time: '20:30:00' })), date);
  }
});

test('nights – half past midnight – belongs to the evening before; a day alone is itself', (t) => {
  t.is(nightOf(new Date('2026-07-04T23:30:00Z'), true), '2026-07-04');
  t.is(nightOf(momentAt('2026-07-04', '20:00'), true), '2026-07-04');
  t.is(nightOf(momentAt('2026-07-04', '00:00'), false), '2026-07-04');
});
