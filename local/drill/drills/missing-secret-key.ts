import assert from 'node:assert/strict';
import { namespace } from '../../../ci/src/namespace.ts';
import { takeSnapshot } from '../../../ci/src/rollout/snapshot.ts';
import type { Drill } from '../drill.ts';
import { endOfRefused } from '../end.ts';

const secret = ['secret', 'whatsthecraic-secrets', `--namespace=${namespace}`];

export const drill: Drill = {
  what: 'somebody took a key out of the Secret',
  expected: { code: 'SECRET_KEYS_MISSING', state: 'untouched', withinSeconds: 5 },
  run: async ({ admin, deploy, target }) => {
    const before = await takeSnapshot(target);
    await admin(['patch', ...secret, '--type=json', '--patch', removeKey('JWT_SECRET')]);

    const end = await endOfRefused(() => deploy());

    const after = await takeSnapshot(target);
    assert.deepEqual(after.deployments, before.deployments);
    assert.match(end.report ?? '', /JWT_SECRET/);
    return end;
  },
};

const removeKey = (key: string) => JSON.stringify([{ op: 'remove', path: `/data/${key}` }]);
