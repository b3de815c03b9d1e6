import test from 'ava';
import { deploy } from '../../src/deploy.ts';
import { PipelineError } from '../../src/errors.ts';
import { NotTaken } from '../../src/release/held-lease.ts';
import { imageNames } from '../../src/services.ts';
import { image, scene } from '../deploy-scenario.ts';
import { fakeClock } from '../fake-clock.ts';
import { changeOf, leaseWorld, takeAs } from './lease-world.ts';

const reads = [{ args: ['get', 'pods'] }];
const outputs = [{ exitCode: 0, stdout: 'as it was', stderr: '' }];
const known = { version: '', at: 0, calls: reads, outputs };

test('first change – of one who knows all – takes the Lease in its own text, and gives it back', async (t) => {
  const { target, leases, changes } = leaseWorld();
  const { held, reads: seen } = await takeAs('a', target, fakeClock(), { reads, known });
  t.is(seen, outputs);
  t.is(leases.lease, undefined);
  await held.mutate('apply', [changeOf('x')]);
  t.is(leases.lease?.spec.holderIdentity, 'a');
  t.deepEqual(changes, ['1 change x']);
  await held.giveBack();
  t.is(leases.lease?.spec.holderIdentity, undefined);
});

test('first change – somebody else was faster – does not run, and leaves him his Lease', async (t) => {
  const { target, leases, changes } = leaseWorld();
  const late = await takeAs('late', target, fakeClock(), { reads, known });
  await takeAs('fast', target, fakeClock());
  await t.throwsAsync(late.held.mutate('apply', [changeOf('x')]), { instanceOf: NotTaken });
  await late.held.giveBack();
  t.is(leases.lease?.spec.holderIdentity, 'fast');
  t.deepEqual(changes, []);
});

for (const arrived of [true, false]) {
  const what = arrived ? 'it had run' : 'it had not, and somebody else was faster';
  test(`first change – its answer is lost: ${what} – known by the marker alone`, async (t) => {
    const { target, leases, changes } = leaseWorld();
    let texts = 0;
    const losing = {
      ...target,
      guarded: async (calls: Parameters<typeof target.guarded>[0]) => {
        texts += 1;
        if (texts > 1) return target.guarded(calls);
        if (arrived) await target.guarded(calls);
        else await takeAs('fast', target, fakeClock());
        throw new PipelineError('COMMAND_ANSWER_LOST', 'its end is not known');
      },
    };
    const { held } = await takeAs('a', losing, fakeClock(), { reads, known });
    const change = held.mutate('apply', [changeOf('x')]);
    if (arrived) {
      await change;
      t.is(leases.lease?.spec.holderIdentity, 'a');
      t.deepEqual(changes, ['1 change x', '1 change x']);
    } else {
      await t.throwsAsync(change, { instanceOf: NotTaken });
      t.is(leases.lease?.spec.holderIdentity, 'fast');
      t.deepEqual(changes, []);
    }
  });
}

test('deploy – somebody else deploys between its look and its first change – waits, looks again, and verifies', async (t) => {
  const ensureImages = async () => imageNames.map(image);
  const { target, clock, request } = scene({ request: { ensureImages } });
  let texts = 0;
  const contended = {
    ...target,
    guarded: async (calls: Parameters<typeof target.guarded>[0]) => {
      texts += 1;
      if (texts === 1) {
        const other = await takeAs('other', target, clock);
        await other.held.end('end', []);
      }
      return target.guarded(calls);
    },
  };
  const release = await deploy({ ...request, target: contended });
  t.is(release.state, 'verified');
  t.is(target.leases.lease?.spec.leaseTransitions, 2);
  t.is(target.leases.lease?.spec.holderIdentity, undefined);
  const looks = target.calls.filter(([, what]) => what === 'secrets');
  t.is(looks.length, 2, 'before anything, and under the Lease');
});
