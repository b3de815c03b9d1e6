import type { Drill } from '../drill.ts';
import { endOf } from '../end.ts';
import { killAndResolve } from '../kill-and-resolve.ts';
import { rollOne } from '../roll-one.ts';

export const drill: Drill = {
  what: 'kill -9 of the client in the soak; the next one ends the release',
  expected: { code: 'HEALTHY', state: 'verified', withinSeconds: 60 },
  run: async (stage) =>
    endOf(await killAndResolve(stage, rollOne('dj-service'), /^all healthy/), 'dj-service'),
};
