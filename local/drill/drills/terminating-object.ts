import assert from 'node:assert/strict';
import { namespace } from '../../../ci/src/namespace.ts';
import type { Drill } from '../drill.ts';
import { endOfRefused } from '../end.ts';
import { rollOne } from '../roll-one.ts';

const policy = ['networkpolicy/from-gateway', `--namespace=${namespace}`];
const finalizers = (names: readonly string[]) => [
  '--type=merge',
  '--patch',
  JSON.stringify({ metadata: { finalizers: names } }),
];

export const drill: Drill = {
  what: 'an object of ours is being deleted and cannot go, since nobody takes its finalizer away',
  expected: { code: 'TERMINATING', state: 'untouched', withinSeconds: 25 },
  run: async ({ admin, after, deploy }) => {
    await admin(['patch', ...policy, ...finalizers(['whatsthecraic.run.place/drill'])]);
    after(() => admin(['patch', ...policy, ...finalizers([])]));
    await admin(['delete', ...policy, '--wait=false']);

    const end = await endOfRefused(() => deploy({ objects: rollOne('dj-service') }));

    assert.match(end.report ?? '', /NetworkPolicy from-gateway is being deleted/);
    return end;
  },
};
