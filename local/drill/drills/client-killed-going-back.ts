import assert from 'node:assert/strict';
import { runFirst } from '../change-container.ts';
import type { Drill } from '../drill.ts';
import { endOf } from '../end.ts';
import { killAndResolve } from '../kill-and-resolve.ts';

export const drill: Drill = {
  what: 'kill -9 of the client while a broken release goes back; the next one takes it there',
  expected: { code: 'CRASHED', state: 'rolled-back', withinSeconds: 90 },
  run: async (stage) => {
    const change = runFirst('aggregator', 'process.exit(3)');
    const release = await killAndResolve(stage, { change, at: /^going back to release/ });
    assert.ok(release.wentBack?.proven, 'what was before serves again');
    return endOf(release, 'aggregator');
  },
};
