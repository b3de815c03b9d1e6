import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import type { Drill, End } from '../drill/drill.ts';
import type { NamedDrill } from '../drill/find-drills.ts';
import { DrillEndless, runDrill } from '../drill/run-drill.ts';
import type { BareStage, Change } from '../drill/stage.ts';

const never = () => new Promise<never>(() => {});

/** A stage on which nothing ever answers. */
const silent = {
  admin: never,
  target: { description: '', namespace: '', kubectl: never, guarded: never, probe: never },
  // As a deploy waits for its rollouts.
  deploy: async ({ clock }: Change) => {
    for (;;) await clock?.sleep(5);
  },
} as unknown as BareStage;

const end: End = { code: 'HEALTHY', state: 'verified', seconds: 1 };
const drillOf = (run: Drill['run'], seconds = 2): NamedDrill => ({
  ...{ name: 'some', what: 'something', run },
  expected: { code: 'HEALTHY', state: 'verified', withinSeconds: seconds },
});
const limits = { seconds: 0.05, graceSeconds: 0.1 };

test('runDrill – as expected, or not – passes, or says what differs', async (t) => {
  const passed = await runDrill(
    drillOf(async () => end),
    silent,
    limits,
  );
  const late = await runDrill(
    drillOf(async () => end, 0.5),
    silent,
    limits,
  );

  t.true(passed.passed);
  t.deepEqual(passed.details, []);
  t.false(late.passed);
  t.true(late.ended);
  t.is(late.details[0], 'took 1.0 s, expected 0.5 s');
});

for (const [what, run] of Object.entries<Drill['run']>({
  'a call of kubectl': async ({ target }) => {
    await target.kubectl([]);
    return end;
  },
  'an administrator’s call': async ({ admin }) => {
    await admin([]);
    return end;
  },
  'a deploy that watches': async ({ deploy }) => {
    await deploy();
    return end;
  },
})) {
  test(`runDrill – no end of ${what} – ends with the limit, and can ask nothing more`, async (t) => {
    let more: unknown;
    const drill = drillOf(async (stage) => {
      try {
        return await run(stage);
      } finally {
        more = await stage.target.probe([]).catch((error: unknown) => error);
      }
    });

    const { passed, ended, details } = await runDrill(drill, silent, limits);

    t.false(passed);
    t.false(ended);
    t.is(details[0], 'Error: no end after 0.05 s');
    t.is(String(more), 'Error: no end after 0.05 s');
  });
}

test('runDrill – a drill that cannot be ended – ends the whole run', async (t) => {
  const deaf = drillOf(async () => {
    await sleep(5_000, undefined, { ref: false });
    return end;
  });

  await t.throwsAsync(runDrill(deaf, silent, limits), { instanceOf: DrillEndless });
});
