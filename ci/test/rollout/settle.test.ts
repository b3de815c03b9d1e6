import test from 'ava';
import fc from 'fast-check';
import { judgePull } from '../../src/rollout/judge-pull.ts';
import { patienceSeconds, type Suspicion, settle } from '../../src/rollout/settle.ts';
import type { Verdict } from '../../src/rollout/verdict.ts';

const suspect = (code: Verdict['code']): Verdict => ({
  service: 'dj-service',
  state: 'suspect',
  code,
  message: 'm',
});
const pull = (message: string): Verdict => ({
  service: 'dj-service',
  ...judgePull('ErrImagePull', message),
});

/** Settles a sequence of looks, each `[seconds, verdict]`, and gives back every outcome. */
function run(looks: readonly (readonly [number, Verdict])[]): Verdict[] {
  let suspicion: Suspicion | undefined;
  return looks.map(([seconds, verdict]) => {
    const settled = settle(verdict, suspicion, seconds * 1_000);
    suspicion = settled.suspicion;
    return settled.verdict;
  });
}
const states = (looks: readonly (readonly [number, Verdict])[]) =>
  run(looks).map((verdict) => verdict.state);

for (const code of Object.keys(patienceSeconds) as (keyof typeof patienceSeconds)[]) {
  test(`settle – ${code} holds – failed after its patience, not before`, (t) => {
    const patience = patienceSeconds[code] ?? 0;
    const looks = [0, patience - 0.5, patience].map((at) => [at, suspect(code)] as const);
    t.deepEqual(states(looks), ['suspect', 'suspect', 'failed']);
  });
}

test('settle – a suspicion that heals and comes back – its time begins anew', (t) => {
  const fine: Verdict = { ...suspect('ROLLING'), state: 'waiting' };
  const looks = [
    [0, suspect('NO_ROOM')],
    [10, fine],
    [12, suspect('NO_ROOM')],
    [26, suspect('NO_ROOM')],
    [27, suspect('NO_ROOM')],
  ] as const;
  t.deepEqual(states(looks), ['suspect', 'waiting', 'suspect', 'suspect', 'failed']);
});

test('settle – another suspicion follows – its time is its own', (t) => {
  const looks = [
    [0, suspect('CONFIG_MISSING')],
    [14, suspect('CANNOT_START')],
    [16, suspect('CANNOT_START')],
    [22, suspect('CANNOT_START')],
  ] as const;
  t.deepEqual(states(looks), ['suspect', 'suspect', 'suspect', 'failed']);
});

test('settle – back-off after a denied pull – the cause is kept and counts on', (t) => {
  const denied = pull('denied: Your authorization token has expired.');
  const outcomes = run([
    [0, denied],
    [5, pull('Back-off pulling image "x"')],
    [9, pull('Back-off pulling image "x"')],
  ]);
  t.deepEqual(
    outcomes.map(({ state, message }) => [state, message]),
    [
      ['suspect', denied.message],
      ['suspect', denied.message],
      ['failed', denied.message],
    ],
  );
});

test('settle – back-off after a registry that was away – waits, with the cause (N6)', (t) => {
  const away = pull('dial tcp 127.0.0.1:5000: connect: connection refused');
  const outcomes = run([
    [1, away],
    [14, pull('Back-off pulling image "x"')],
    [300, pull('ImagePullBackOff')],
  ]);
  for (const verdict of outcomes) {
    t.is(verdict.state, 'waiting');
    t.is(verdict.message, away.message);
  }
});

test('settle – a registry that denied and now is away – no longer denied', (t) => {
  const [, now] = run([
    [0, pull('401 Unauthorized')],
    [20, pull('i/o timeout')],
  ]);
  t.is(now?.code, 'IMAGE_PULL_FAILED');
  t.is(now?.state, 'waiting');
});

test('settle – back-off that was seen first – waits', (t) => {
  t.deepEqual(states([[0, pull('Back-off pulling image "x"')]]), ['waiting']);
});

test('settle – ready or failed – passed on as it is', (t) => {
  for (const state of ['ready', 'failed'] as const) {
    const verdict = { ...suspect('CRASHED'), state };
    t.deepEqual(settle(verdict, undefined, 0), { verdict, suspicion: undefined });
  }
});

const anyCode = fc.constantFrom(...(Object.keys(patienceSeconds) as Verdict['code'][]));

test('settle – any suspicion that holds – monotone in time: once failed, failed at any later look', (t) => {
  fc.assert(
    fc.property(anyCode, fc.array(fc.double({ min: 0, max: 200, noNaN: true })), (code, times) => {
      const looks = times.toSorted((a, b) => a - b).map((at) => [at, suspect(code)] as const);
      const seen = states(looks);
      const first = seen.indexOf('failed');
      t.true(first < 0 || seen.slice(first).every((state) => state === 'failed'));
    }),
  );
});

test('settle – any suspicion – a later look never judges milder than an earlier one', (t) => {
  fc.assert(
    fc.property(anyCode, fc.nat(200_000), fc.nat(200_000), (code, early, more) => {
      const earlier = { verdict: suspect(code), sinceMs: 0 };
      const one = settle(suspect(code), earlier, early).verdict.state;
      const two = settle(suspect(code), earlier, early + more).verdict.state;
      t.true(one !== 'failed' || two === 'failed');
    }),
  );
});
