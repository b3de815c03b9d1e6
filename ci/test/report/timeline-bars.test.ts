import test from 'ava';
import { makeReport } from '../../src/report/report.ts';
import { barsOf, endOf, ticksOf } from '../../src/report/timeline-bars.ts';
import { begun, degraded, old, verified } from './reported.ts';

const drawn = (record: typeof verified, service: string) => {
  const report = makeReport(record);
  const found = report.services.find((it) => it.service === service);
  return (found ? barsOf(found, report) : []).map(
    ({ kind, from, to, back }) => `${back ? 'back ' : ''}${kind} ${from} ${to}`,
  );
};

test('bars – a service that rolled – one after the other, from its image to the old pod’s end', (t) => {
  t.deepEqual(drawn(verified, 'aggregator'), [
    ...['image 0 2.1', 'wait 34 35.2', 'pull 35.2 38.1', 'start 38.1 38.6'],
    ...['warm 38.6 44.1', 'end 44.1 50.5'],
  ]);
});

test('bars – a service that was kept – its image alone', (t) => {
  t.deepEqual(drawn(verified, 'dj-service'), ['image 0 1.4']);
});

test('bars – a crash and the way back – failing until given up, then there again', (t) => {
  t.deepEqual(drawn(degraded, 'dj-service'), [
    ...['image 0 12.3', 'wait 34 35.2', 'pull 35.2 38', 'start 38 38.5', 'failed 38.5 59'],
    ...['back wait 66.4 67.6', 'back pull 67.6 68.4', 'back start 68.4 69'],
    ...['back warm 69 80', 'back end 80 87.5'],
  ]);
});

test('bars – nothing was recorded – none', (t) => {
  t.deepEqual(drawn(old, 'aggregator'), []);
});

test('axis – any length – ends with the release and has round marks, at most nine', (t) => {
  t.is(endOf(makeReport(degraded)), 104.6);
  t.is(endOf(makeReport(begun)), 120.2);
  t.deepEqual(ticksOf(104.6), [0, 15, 30, 45, 60, 75, 90]);
  for (const total of [0.3, 1, 7, 59, 200, 3_000, 40_000]) {
    const ticks = ticksOf(total);
    t.true(ticks.length >= 1 && ticks.length <= 9, String(total));
    t.true((ticks.at(-1) ?? 0) <= total);
  }
});
