import test from 'ava';
import { earlierRecord, earlierRelease } from '../release/earlier.ts';
import { callMany, removeModule } from './helpers/dispatch.ts';
import { file, secret } from './helpers/engine-value.ts';
import { fakeCluster } from './helpers/fake-cluster.ts';
import { fakeEngine } from './helpers/fake-engine.ts';

test.after.always(removeModule);

const [older, newer] = ['20261122t090000z-fedcba9', '20261122t100000z-fedcba9'];

test.serial(
  'rollback, releases – of a kubeconfig’s cluster – a new release of the earlier one, then listed',
  async (t) => {
    const cluster = await fakeCluster(t);
    await cluster.remembers([
      ...(await earlierRecord({ id: older })),
      ...(await earlierRecord({ id: newer })),
    ]);
    const engine = await fakeEngine(t, undefined, { program: cluster.kubectl });
    const args = {
      kubeconfig: engine.idOf(secret('the-kubeconfig-of-this-test')),
      kubectl: engine.idOf(file),
    };
    const { outcomes } = await callMany(t, engine, [
      { name: 'rollback', args: { ...args, to: 'x' } },
      { name: 'rollback', args: { ...args, soak: 0 } },
      { name: 'releases', args },
      { name: 'releases', args: { ...args, format: 'json' } },
    ]);

    t.regex(outcomes[0]?.thrown ?? '', /No release "x" is recorded.*code: RELEASE_UNKNOWN$/s);
    t.regex(String(outcomes[1]?.returned), /Verified: all 6 services serve this release\./);
    const [head, first, ...others] = String(outcomes[2]?.returned).split('\n');
    t.regex(head ?? '', /^RELEASE +STATE +COMMIT/);
    t.regex(first ?? '', new RegExp(`^20\\d{6}t\\d{6}z-fedcba9 +verified .* restores ${older}$`));
    t.deepEqual(
      others.map((line) => line.split(' ')[0]),
      [newer, older],
    );
    const [, , { inventory, ...oldest }] = JSON.parse(String(outcomes[3]?.returned));
    t.true(inventory.includes('apps/v1 Deployment whatsthecraic-staging/aggregator'));
    t.deepEqual(oldest, JSON.parse(JSON.stringify(earlierRelease({ id: older }))));
  },
);
