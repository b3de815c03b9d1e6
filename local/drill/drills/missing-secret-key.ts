import assert from 'node:assert/strict';
import { takeSnapshot } from '../../../ci/src/rollout/snapshot.ts';
import { changeContainer } from '../change-container.ts';
import type { Drill } from '../drill.ts';
import { endOfRefused } from '../end.ts';

const variable = {
  name: 'BOOKING_KEY',
  valueFrom: { secretKeyRef: { name: 'whatsthecraic-secrets', key: 'BOOKING_KEY' } },
};

export const drill: Drill = {
  // Nobody takes a key out of the Secret itself: it would roll all that read it once it is back.
  what: 'dj-service is to read a key that the Secret does not have',
  expected: { code: 'SECRET_KEYS_MISSING', state: 'untouched', withinSeconds: 15 },
  run: async ({ deploy, target }) => {
    const before = await takeSnapshot(target);
    const objects = changeContainer('dj-service', (it) => ({
      ...it,
      env: [...(it.env ?? []), variable],
    }));

    const end = await endOfRefused(() => deploy({ objects }));

    const after = await takeSnapshot(target);
    assert.deepEqual(after.deployments, before.deployments);
    assert.match(end.report ?? '', /BOOKING_KEY {2}\(dj-service\)/);
    return end;
  },
};
