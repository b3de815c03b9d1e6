import test from 'ava';
import { createTimeline } from '../../src/report/timeline.ts';
import { fakeClock } from '../fake-clock.ts';

test('timeline – phases and moments – are counted in tenths of seconds since it began', (t) => {
  const clock = fakeClock();
  clock.advance(5_000);
  const timeline = createTimeline(clock);
  const built = timeline.phase('images');
  clock.advance(1_234);
  timeline.mark('dj-service', 'image');
  clock.advance(1_000);
  timeline.mark('dj-service', 'image');
  timeline.mark('dj-service', 'created');
  built();
  clock.advance(9_000);
  built();
  t.deepEqual(timeline.read(), {
    phases: [{ name: 'images', from: 0, to: 2.2 }],
    services: { 'dj-service': { image: 1.2, created: 2.2 } },
  });
});

test('timeline – read while a step goes on – has it end now', (t) => {
  const clock = fakeClock();
  const timeline = createTimeline(clock);
  timeline.phase('rollout');
  clock.advance(3_000);
  t.deepEqual(timeline.read().phases, [{ name: 'rollout', from: 0, to: 3 }]);
});
