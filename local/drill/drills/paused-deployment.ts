import assert from 'node:assert/strict';
import { namespace } from '../../../ci/src/namespace.ts';
import type { Drill } from '../drill.ts';
import { endOfRefused } from '../end.ts';
import { rollOne } from '../roll-one.ts';

const rollout = ['deployment/dj-service', `--namespace=${namespace}`];

export const drill: Drill = {
  what: 'somebody paused dj-service and forgot it; a deploy would be applied and never roll out',
  expected: { code: 'PAUSED', state: 'untouched', withinSeconds: 25 },
  run: async ({ admin, after, deploy }) => {
    await admin(['rollout', 'pause', ...rollout]);
    after(() => admin(['rollout', 'resume', ...rollout]));

    const end = await endOfRefused(() => deploy({ objects: rollOne('dj-service') }));

    assert.match(end.report ?? '', /Deployment dj-service is paused by kubectl/);
    return end;
  },
};
