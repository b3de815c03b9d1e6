import { setTimeout as sleep } from 'node:timers/promises';
import { createBreaker } from '@whatsthecraic/platform/upstream/breaker';
import test from 'ava';
import { until } from '../../platform/test/helpers/start.ts';
import { faults, startFaulty } from './helpers/faulty.ts';
import { sendJson, startAggregator, startUpstream } from './helpers/upstream.ts';

function createTested(failures = 3) {
  const clock = { now: 0 };
  return { clock, ...createBreaker({ restMs: 100, failures, now: () => clock.now }) };
}

test('breaker – failures in a row – rest it, then one goes ahead and decides for all', (t) => {
  const { clock, enter } = createTested();
  const fail = () => {
    const passage = enter();
    t.truthy(passage);
    passage?.fail();
  };
  fail();
  fail();
  enter()?.succeed();
  for (let n = 0; n < 3; n++) fail();
  t.falsy(enter());

  clock.now = 101;
  const trial = enter();
  t.truthy(trial, 'one goes ahead');
  t.falsy(enter(), 'the others wait for it');
  trial?.fail();
  clock.now = 150;
  t.falsy(enter());
  clock.now = 202;
  const second = enter();
  t.truthy(second);
  second?.leave();
  const third = enter();
  t.truthy(third, 'one that left decides nothing');
  third?.succeed();
  t.true(enter() !== undefined && enter() !== undefined);
});

for (const end of ['fail', 'leave', 'succeed'] as const) {
  test(`breaker – a request from before the rest that ends during the trial (${end}) – lets no second one through`, (t) => {
    const { clock, enter } = createTested();
    const early = enter();
    for (let n = 0; n < 3; n++) enter()?.fail();
    clock.now = 101;
    const trial = enter();
    t.truthy(trial);
    early?.[end]();
    clock.now = 300;
    t.falsy(enter(), 'the trial is still under way');
    trial?.fail();
    clock.now = 399;
    t.falsy(enter(), 'its rest begins with its end');
  });
}

test('breaker – a service that says nothing, asked at different times – is tried by one request after each rest', async (t) => {
  const tried: number[] = [];
  const server = await startUpstream(t, () => void tried.push(performance.now()));
  const limits = { deadlineMs: 1_000, restMs: 400 };
  const { url } = await startAggregator(t, { dj: server.url }, limits);
  let asked = 0;
  // Each another one: the same one at the same time would be asked once.
  const ask = async () => (await fetch(`${url}/djs/${++asked}`)).status;
  const early = Array.from({ length: 5 }, ask);
  await sleep(800);
  // It fails while the one after the rest is under way.
  const late = ask();
  await Promise.all(early);
  t.is(tried.length, 6);
  const since = performance.now();
  while (performance.now() - since < 1_300) {
    void ask();
    await sleep(20);
  }
  t.is(tried.length, 7, 'one trial, which is not over yet');
  await late;
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
      // Before the deadline that each call above had to wait for.
      t.true(resting.ms < limits.deadlineMs, `${resting.ms} ms`);
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
