import assert from 'node:assert/strict';
import { addFault, clearFaults } from '../disturb-aws.ts';
import type { Drill } from '../drill.ts';
import { endOf } from '../end.ts';
import { rollOne } from '../roll-one.ts';

export const drill: Drill = {
  what: 'the node gets every command of a deploy twice',
  expected: { code: 'HEALTHY', state: 'verified', withinSeconds: 90 },
  run: async (stage) => {
    stage.after(() => clearFaults(stage));
    await addFault(stage, { kind: 'deliver-twice', times: 500 });
    const objects = rollOne('dj-service');
    const release = await stage.deploy({ objects });
    stage.keep('dj-service', { objects });
    const pods = release.services.map((it) => `${it.service} ${it.newPods}`);
    assert.deepEqual(
      pods.filter((it) => !it.endsWith(' 0')),
      ['dj-service 1'],
      'one rollout of the one service',
    );
    return endOf(release, 'dj-service');
  },
};
