import type { Drill } from '../drill.ts';
import { endOf } from '../end.ts';
import { killAndResolve } from '../kill-and-resolve.ts';
import { rollOne } from '../roll-one.ts';

export const drill: Drill = {
  what: 'kill -9 of the client as soon as it has applied; the next one ends the release',
  expected: { code: 'HEALTHY', state: 'verified', withinSeconds: 90 },
  run: async (stage) => {
    const change = rollOne('auth-service');
    // The apply has answered, and nothing else of the client's is on its way.
    const release = await killAndResolve(stage, { change, at: /^applied/, leaps: true });
    stage.keep('auth-service', { objects: change });
    return endOf(release, 'auth-service');
  },
};
