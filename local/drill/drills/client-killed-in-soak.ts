import type { Drill } from '../drill.ts';
import { endOf } from '../end.ts';
import { killAndResolve } from '../kill-and-resolve.ts';
import { rollOne } from '../roll-one.ts';

export const drill: Drill = {
  what: 'kill -9 of the client in the soak; the next one ends the release',
  expected: { code: 'HEALTHY', state: 'verified', withinSeconds: 90 },
  run: async (stage) => {
    const change = rollOne('dj-service');
    const release = await killAndResolve(stage, { change, at: /^all healthy/ });
    stage.keep('dj-service', { objects: change });
    return endOf(release, 'dj-service');
  },
};
