import test from 'ava';
import * as fc from 'fast-check';
import type { Clock } from '../../src/clock.ts';
import { PipelineError } from '../../src/errors.ts';
import type { HeldLease } from '../../src/release/held-lease.ts';
import type { Target } from '../../src/target/target.ts';
import { fakeClock } from '../fake-clock.ts';
import { changeOf, leaseWorld, takeAs } from './lease-world.ts';

const start = new Date('2026-11-23T02:00:00Z');
const skewed = (minutes: number) => fakeClock(new Date(start.getTime() + minutes * 60_000));
const refusedAs = (code: string) => ({
  instanceOf: PipelineError,
  message: new RegExp(`code: ${code}$`),
});

test('take – nobody holds it, and it was never there – ours, with who, since when and which step', async (t) => {
  const { target, leases } = leaseWorld();
  const { held } = await takeAs('a', target, skewed(0));
  await held.mutate('apply', []);
  t.like(leases.lease, {
    metadata: {
      annotations: {
        'whatsthecraic.run.place/by': 'a@laptop',
        'whatsthecraic.run.place/step': 'apply',
      },
    },
    spec: {
      holderIdentity: 'a',
      leaseTransitions: 1,
      leaseDurationSeconds: 60,
      acquireTime: '2026-11-23T02:00:00.000000Z',
    },
  });
});

test('take – after it was given back – at once, one generation on', async (t) => {
  const { target, leases } = leaseWorld();
  const clock = skewed(0);
  const first = await takeAs('a', target, clock);
  await first.held.end('end', [changeOf('a')]);
  t.is(leases.lease?.spec.holderIdentity, undefined);
  await takeAs('b', target, clock);
  t.is(clock.seconds(), 0);
  t.is(leases.lease?.spec.leaseTransitions, 2);
});

test('take – somebody holds it and lives – LOCKED within the wait, and says who, since when and at which step', async (t) => {
  const { target } = leaseWorld();
  const holder = await takeAs('20261123t020000z-0123456', target, skewed(0));
  await holder.held.mutate('watch', []);
  const clock = skewed(0);
  const said: string[] = [];
  const error = await t.throwsAsync(
    takeAs('b', target, clock, { waitSeconds: 20, say: (line) => said.push(line) }),
    refusedAs('LOCKED'),
  );
  t.regex(
    error.message,
    /is being changed by 20261123t020000z-0123456@laptop since 2026-11-23T02:00:00Z: release 20261123t020000z-0123456, at the step "watch"/,
  );
  t.is(clock.seconds(), 20);
  t.is(said.length, 1);
});

test('take – not to wait at all – LOCKED at once', async (t) => {
  const { target } = leaseWorld();
  await takeAs('a', target, skewed(0));
  const clock = skewed(0);
  await t.throwsAsync(takeAs('b', target, clock, { waitSeconds: 0 }), refusedAs('LOCKED'));
  t.is(clock.seconds(), 0);
});

/** A contender's clock, in whose sleep the holder goes on: he reads, and so renews, until he is dead. */
function whileHolderLives(
  clock: ReturnType<typeof fakeClock>,
  holder: HeldLease,
  own: ReturnType<typeof fakeClock>,
  lives: number,
): Clock {
  return {
    ...clock,
    async sleep(ms) {
      await clock.sleep(ms);
      own.advance(ms);
      if (clock.seconds() <= lives) await holder.target.kubectl([]);
    },
  };
}

for (const minutes of [-10, -1, 0, 1, 10]) {
  test(`take – the holder’s clock is ${minutes} min off and he lives – he keeps it, whatever his times say`, async (t) => {
    const { target, leases } = leaseWorld();
    const own = skewed(minutes);
    const { held } = await takeAs('a', target, own);
    const clock = skewed(0);
    const contender = whileHolderLives(clock, held, own, 3_600);
    await t.throwsAsync(
      takeAs('b', target, contender, { waitSeconds: 1_800 }),
      refusedAs('LOCKED'),
    );
    t.is(leases.lease?.spec.holderIdentity, 'a');
  });

  test(`take – the holder’s clock is ${minutes} min off and he dies – taken a minute after his last sign of life`, async (t) => {
    const { target, leases } = leaseWorld();
    const own = skewed(minutes);
    const { held } = await takeAs('a', target, own);
    const clock = skewed(0);
    const contender = whileHolderLives(clock, held, own, 100);
    await takeAs('b', target, contender, { waitSeconds: 1_800 });
    t.is(leases.lease?.spec.holderIdentity, 'b');
    t.true(clock.seconds() >= 150 && clock.seconds() <= 175, `${clock.seconds()} s`);
  });
}

test('mutate – the Lease was taken meanwhile – refused, nothing runs, and says who has it', async (t) => {
  const { target, changes } = leaseWorld();
  const { held } = await takeAs('a', target, skewed(0));
  await takeAs('b', target, skewed(10));
  const error = await t.throwsAsync(
    held.mutate('apply', [changeOf('late')]),
    refusedAs('LEASE_LOST'),
  );
  t.regex(error.message, /went to release b of b@laptop/);
  t.deepEqual(changes, []);
});

test('mutate – a call fails – those behind it do not run, and its output is told', async (t) => {
  const { target, changes } = leaseWorld();
  const { held } = await takeAs('a', target, skewed(0));
  const calls = ['one', 'refused', 'three'].map(changeOf);
  const { outputs, reads } = await held.mutate('apply', calls, [changeOf('a read')]);
  t.deepEqual(
    outputs.map(({ exitCode, stderr }) => [exitCode, stderr]),
    [
      [0, ''],
      [3, 'no'],
    ],
  );
  t.deepEqual([changes, reads], [['1 change one'], []]);
});

test('read – for longer than a Lease lives – renews it now and then, not each time', async (t) => {
  const { target, leases } = leaseWorld();
  const clock = skewed(0);
  const { held } = await takeAs('a', target, clock);
  const versions = new Set<string | undefined>();
  for (let second = 0; second < 120; second += 1) {
    clock.advance(1_000);
    await held.target.kubectl([]);
    versions.add(leases.lease?.metadata.resourceVersion);
  }
  t.true(versions.size >= 10 && versions.size <= 14, `${versions.size} versions`);
});

test('read – the Lease was taken meanwhile – LEASE_LOST', async (t) => {
  const { target } = leaseWorld();
  const clock = skewed(0);
  const { held } = await takeAs('a', target, clock);
  await takeAs('b', target, skewed(0));
  clock.advance(11_000);
  await t.throwsAsync(held.target.kubectl([]), refusedAs('LEASE_LOST'));
});

test('take – leases may not be read – LEASE_FORBIDDEN, with what to allow', async (t) => {
  const { target } = leaseWorld();
  const stderr =
    'Error from server (Forbidden): leases.coordination.k8s.io "whatsthecraic-release" is forbidden';
  const forbidden: Target = {
    ...target,
    kubectl: async (calls) => calls.map(() => ({ exitCode: 1, stdout: '', stderr })),
  };
  const error = await t.throwsAsync(
    takeAs('a', forbidden, skewed(0)),
    refusedAs('LEASE_FORBIDDEN'),
  );
  t.regex(error.message, /get, create, update and patch on leases/);
});

/** The same target, whose calls arrive in whatever order the scheduler likes, some of them twice. */
function shuffled(target: Target, scheduler: fc.Scheduler, twice: () => boolean): Target {
  const arrive = scheduler.scheduleFunction(async (asked: Parameters<Target['guarded']>[0]) =>
    target.guarded(asked),
  );
  return {
    ...target,
    kubectl: scheduler.scheduleFunction(async (calls: Parameters<Target['kubectl']>[0]) =>
      target.kubectl(calls),
    ) as Target['kubectl'],
    guarded: async (asked) => {
      if (twice()) void arrive(asked);
      return arrive(asked);
    },
  };
}

test('Lease – two clients, texts that arrive late and twice, clocks 10 min apart – no change of one between two of another', async (t) => {
  t.timeout(120_000);
  await fc.assert(
    fc.asyncProperty(
      fc.scheduler(),
      fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }),
      fc.array(fc.integer({ min: -10, max: 10 }), { minLength: 3, maxLength: 3 }),
      async (scheduler, doubled, minutes) => {
        const { target, changes } = leaseWorld();
        let asked = 0;
        const twice = () => doubled[asked++ % doubled.length] === true;
        const clients = minutes.map(async (off, index) => {
          const name = 'abc'[index] as string;
          const clock = skewed(off);
          const idle: Clock = {
            ...clock,
            sleep: scheduler.scheduleFunction(async (ms: number) =>
              clock.sleep(ms),
            ) as Clock['sleep'],
          };
          const { held } = await takeAs(name, shuffled(target, scheduler, twice), idle, {
            waitSeconds: 300,
          });
          for (const step of ['one', 'two']) await held.mutate(step, [changeOf(`${name} ${step}`)]);
          await held.end('end', [changeOf(`${name} end`)]);
        });
        const ends = Promise.allSettled(clients);
        await scheduler.waitFor(ends);
        for (const end of await ends) {
          if (
            end.status === 'rejected' &&
            end.reason?.code !== 'LEASE_LOST' &&
            end.reason?.code !== 'LOCKED'
          )
            throw end.reason;
        }
        await scheduler.waitIdle();
        const generations = changes.map((it) => Number(it.split(' ')[0]));
        t.deepEqual(
          generations,
          generations.toSorted((a, b) => a - b),
          changes.join('; '),
        );
        t.is(new Set(changes).size, changes.length, `a change ran twice: ${changes.join('; ')}`);
        // A generation is one client's.
        const owners = new Set(
          changes.map((it) =>
            it
              .split(' ')
              .filter((_, at) => at !== 1)
              .slice(0, 2)
              .join(' '),
          ),
        );
        t.is(owners.size, new Set(generations).size, changes.join('; '));
      },
    ),
    { numRuns: 300 },
  );
});
