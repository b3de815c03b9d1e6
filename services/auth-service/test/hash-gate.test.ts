import test from 'ava';
import { createHashGate } from '../src/domain/hash-gate.ts';
import { LoginBusy } from '../src/errors.ts';

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

test('hash gate – many at once – at most two run, all get their turn', async (t) => {
  const gate = createHashGate();
  let running = 0;
  let most = 0;

  await Promise.all(
    Array.from({ length: 12 }, () =>
      gate(async () => {
        running += 1;
        most = Math.max(most, running);
        await sleep(5);
        running -= 1;
      }),
    ),
  );

  t.is(most, 2);
});

test('hash gate – a turn that comes too late – is refused, and given back to the next', async (t) => {
  const gate = createHashGate({ atOnce: 1, waitMs: 30 });
  const holding = gate(() => sleep(100));

  const error = await t.throwsAsync(
    gate(() => sleep(0)),
    { instanceOf: LoginBusy },
  );
  t.like(error, { status: 503, code: 'login_busy', headers: { 'Retry-After': '1' } });
  await holding;
  await sleep(1);

  t.is(await gate(async () => 'in'), 'in');
});

test('hash gate – more waiting than it holds – are refused at once', async (t) => {
  const gate = createHashGate({ atOnce: 1, maxWaiting: 1, waitMs: 1_000 });
  let isHeld = true;
  const holding = gate(() => sleep(40)).finally(() => {
    isHeld = false;
  });
  const waiting = gate(async () => 'waited');

  await t.throwsAsync(
    gate(async () => {}),
    { instanceOf: LoginBusy },
  );
  t.true(isHeld);
  await holding;
  t.is(await waiting, 'waited');
});

test('hash gate – work that fails – frees its place', async (t) => {
  const gate = createHashGate({ atOnce: 1, waitMs: 50 });

  await t.throwsAsync(
    gate(() => Promise.reject(new Error('no'))),
    { message: 'no' },
  );

  t.is(await gate(async () => 'next'), 'next');
});
