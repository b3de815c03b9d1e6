import assert from 'node:assert/strict';
import { resolveDead } from '../../../ci/src/release/resolve-dead.ts';
import { addFault, clearFaults } from '../disturb-aws.ts';
import type { Drill } from '../drill.ts';
import { endOfRefused } from '../end.ts';
import { onLine, rollOne } from '../roll-one.ts';

export const drill: Drill = {
  what: 'the credentials expire in the middle of a rollout; a minute later the next one ends it',
  expected: { code: 'AWS_DENIED', state: 'verified', withinSeconds: 90 },
  run: async (stage) => {
    stage.after(() => clearFaults(stage));
    const expire = () => void addFault(stage, { kind: 'expired-token', times: 10_000 });
    const objects = rollOne('ml-service');
    const end = await endOfRefused(() =>
      stage.deploy({ objects, say: onLine(/^applied/, expire) }),
    );
    await clearFaults(stage);
    const { finished } = await resolveDead({
      ...{ overlay: 'local', target: stage.target, soakSeconds: 0, say: stage.say },
      waitSeconds: 90,
    });
    assert.ok(finished, 'it was left unfinished');
    stage.keep('ml-service', { objects });
    return { ...end, state: finished.state };
  },
};
