import assert from 'node:assert/strict';
import type { Drill } from '../drill.ts';
import { endOfRefused } from '../end.ts';
import { onLine, rollOne } from '../roll-one.ts';

export const drill: Drill = {
  what: 'a second deploy comes while the first one watches its rollout',
  expected: { code: 'LOCKED', state: 'untouched', withinSeconds: 45 },
  run: async ({ deploy, keep }) => {
    let applied: () => void = () => {};
    const isApplied = new Promise<void>((resolve) => {
      applied = resolve;
    });
    const objects = rollOne('dj-service');
    const first = deploy({
      objects,
      soakSeconds: 3,
      by: 'the first one',
      say: onLine(/^applied/, applied),
    });
    await Promise.race([isApplied, first]);
    const end = await endOfRefused(() => deploy({ by: 'the second one', waitSeconds: 0 }));
    assert.match(end.report ?? '', /is being changed by the first one since .*, at the step "/);
    assert.equal((await first).state, 'verified');
    keep('dj-service', { objects });
    // Nobody holds it any more.
    assert.equal((await deploy({ waitSeconds: 0 })).state, 'verified');
    return end;
  },
};
