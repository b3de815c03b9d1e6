import { createBreaker } from '@whatsthecraic/platform/upstream/breaker';
import test from 'ava';
import { until } from '../../platform/test/helpers/start.ts';
import { faults, startFaulty } from './helpers/faulty.ts';
import { sendJson, startAggregator, startUpstream } from './helpers/upstream.ts';

test('breaker – failures in a row – rest it, then one goes ahead and decides for all', (t) => {
  const clock = { now: 0 };
  const breaker = createBreaker({ restMs: 100, failures: 3, now: () => clock.now });
  const fail = () => {
    t.true(breaker.enter());
    breaker.fail();
  };
  fail();
  fail();
  breaker.succeed();
  for (let n = 0; n < 3; n++) fail();
  t.false(breaker.enter());

  clock.now = 101;
  t.true(breaker.enter(), 'one goes ahead');
  t.false(breaker.enter(), 'the others wait for it');
  breaker.fail();
  clock.now = 150;
  t.false(breaker.enter());
  clock.now = 202;
  t.true(breaker.enter());
  breaker.leave();
  t.true(breaker.enter(), 'one that left decides nothing');
  breaker.succeed();
  t.true(breaker.enter() && breaker.enter());
});

for (const { what, fault, status } of faults) {
  test.serial(
    `faults – a service that ${what} – costs its own routes a deadline, then nothing, and comes back`,
    async (t) => {
      const good = await startUpstream(t, sendJson({ djs: [] }));
      const { url: dj, heal } = await startFaulty(t, fault, good.url);
      const venue = await startUpstream(t, sendJson({ venues: [] }));
      const limits = { deadlineMs: 1_500, restMs: 700 };
      const { url } = await startAggregator(t, { dj, venue: venue.url }, limits);
      const ask = async (path: string) => {
        const startedAt = performance.now();
        const answer = await fetch(url + path, { signal: AbortSignal.timeout(10_000) });
        const { code } = (await answer.json()) as { code?: string };
        return { status: answer.status, code, ms: performance.now() - startedAt };
      };

      for (let n = 0; n < 5; n++) {
        const answer = await ask('/djs');
        t.is(answer.status, status, answer.code);
        t.true(answer.ms < 5_000, `${answer.ms} ms`);
      }
      const resting = await ask('/djs/7');
      t.is(resting.status, 502);
      t.true(resting.ms < 600, `${resting.ms} ms`);
      t.is((await ask('/venues')).status, 200, 'the others answer as ever');

      heal();
      const since = performance.now();
      await until(async () => (await ask('/djs')).status === 200);
      t.log(
        `${what}: ${status}, then 502 at once; back after ${Math.round(performance.now() - since)} ms`,
      );
    },
  );
}
