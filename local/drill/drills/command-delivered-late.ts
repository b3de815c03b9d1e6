import assert from 'node:assert/strict';
import { systemClock } from '../../../ci/src/clock.ts';
import { namespace } from '../../../ci/src/namespace.ts';
import { takeLease } from '../../../ci/src/release/take-lease.ts';
import type { Target } from '../../../ci/src/target/target.ts';
import { addFault, clearFaults } from '../disturb-aws.ts';
import type { Drill } from '../drill.ts';
import { endOfRefused } from '../end.ts';
import { rollOne } from '../roll-one.ts';

export const drill: Drill = {
  what: 'a deploy’s apply travels for 15 s; meanwhile somebody else has taken over',
  expected: { code: 'LEASE_LOST', state: 'untouched', withinSeconds: 90 },
  run: async (stage) => {
    stage.after(() => clearFaults(stage));
    const { target } = stage;
    const revisions = () =>
      stage.admin([
        ...['get', 'deployment', 'dj-service', `--namespace=${namespace}`],
        ...['-o', 'jsonpath={.metadata.generation}'],
      ]);
    const before = await revisions();
    let taken: Promise<unknown> = Promise.resolve();
    const delayed: Target = {
      description: target.description,
      namespace: target.namespace,
      kubectl: (calls) => target.kubectl(calls),
      probe: (probes) => target.probe(probes),
      guarded: async (asked) => {
        if (asked.calls.length === 0) return target.guarded(asked);
        await addFault(stage, { kind: 'delay-delivery', times: 1, ms: 15_000 });
        const answer = target.guarded(asked);
        taken = takeOver(target);
        taken.catch(() => undefined);
        return answer;
      },
    };
    const end = await endOfRefused(() =>
      stage.deploy({ objects: rollOne('dj-service'), target: delayed }),
    );
    await taken;
    assert.equal(await revisions(), before, 'nothing was applied');
    return end;
  },
};

/** Takes the Lease a moment later, as one who knows that its holder is dead, and gives it back. */
async function takeOver(target: Target): Promise<void> {
  await systemClock.sleep(1_000);
  const { held } = await takeLease({
    ...{ target, clock: systemClock, release: 'taken-over', by: 'another one', waitSeconds: 0 },
    ...{ holderIsDead: true, reads: [], say: () => undefined },
  });
  await systemClock.sleep(20_000);
  await held.giveBack();
}
