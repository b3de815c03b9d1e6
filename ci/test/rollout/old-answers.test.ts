import test from 'ava';
import { OldAnswers, shareOf } from '../../src/rollout/old-answers.ts';
import { type FakeClock, fakeClock } from '../fake-clock.ts';
import { fakeTarget } from '../fake-target.ts';
import { ending, ready, rollout } from './cluster.ts';

const snapshot = rollout('dj-service', { newPods: [ready()], oldPods: [ending(ready())] });
const count = (name: string, requests: number): string =>
  [
    '# HELP http_request_duration_seconds Time',
    `http_request_duration_seconds_count{method="GET",route="/v1/djs",status="200",pod="${name}"} ${requests}`,
    `http_request_duration_seconds_count{method="GET",route="/health",status="200"} 999999`,
    'http_requests_in_flight 1',
  ].join('\n');

/** Old pods answer `old` requests a second, new ones `young`. */
const answering = (clock: FakeClock, old: number, young: number) =>
  fakeTarget(clock, {
    cluster: () => snapshot,
    answer: ([verb, raw, path = '']) => {
      if (verb !== 'get' || raw !== '--raw') return undefined;
      const pod = /http:([^:]+):9464\/proxy\/metrics$/.exec(path)?.[1] ?? '';
      const rate = pod.includes('-old-') ? old : young;
      return { exitCode: 0, stdout: count(pod, clock.seconds() * rate), stderr: '' };
    },
  });

async function watch(clock: FakeClock, target: ReturnType<typeof fakeTarget>, seconds: number) {
  const answers = new OldAnswers(target, clock);
  let said: string | undefined;
  for (let s = 0; s < seconds; s += 1) {
    said = await answers.describe('dj-service', snapshot);
    clock.advance(1_000);
  }
  return said;
}

test('OldAnswers – an old pod that ends in its time – nothing is asked', async (t) => {
  const clock = fakeClock();
  const target = answering(clock, 6, 1);
  t.is(await watch(clock, target, 12), undefined);
  t.deepEqual(target.calls, []);
});

test('OldAnswers – kept connections (N7) – the share of answers, and who ignores SIGTERM', async (t) => {
  const clock = fakeClock();
  t.is(
    await watch(clock, answering(clock, 6, 1), 30),
    '86 % of the answers of 4 s came from the previous release; told to end more than 20 s ago, dj-service-old-0 ignores SIGTERM',
  );
});

test('OldAnswers – nobody asks – only who ignores SIGTERM', async (t) => {
  const clock = fakeClock();
  t.regex(
    (await watch(clock, answering(clock, 0, 0), 20)) ?? '',
    /^told to end more than 10 s ago/,
  );
});

test('OldAnswers – pods that tell no metrics – only who ignores SIGTERM', async (t) => {
  const clock = fakeClock();
  const target = fakeTarget(clock, {
    cluster: () => snapshot,
    answer: () => ({ exitCode: 1, stdout: '', stderr: 'not found' }),
  });
  t.regex((await watch(clock, target, 25)) ?? '', /^told to end/);
});

test('shareOf – a pod that is new to the second look – does not count', (t) => {
  const old = [{ name: 'a' }];
  t.is(
    shareOf(
      old,
      new Map([['a', 5]]),
      new Map([
        ['a', 9],
        ['b', 100],
      ]),
    ),
    1,
  );
  t.is(
    shareOf(
      old,
      new Map([
        ['a', 5],
        ['b', 0],
      ]),
      new Map([
        ['a', 8],
        ['b', 1],
      ]),
    ),
    0.75,
  );
  t.is(shareOf(old, new Map(), new Map()), undefined);
});
