import assert from 'node:assert/strict';
import { runFirst } from '../change-container.ts';
import type { Drill } from '../drill.ts';
import { endOf } from '../end.ts';

export const drill: Drill = {
  what: 'dj-service becomes ready, serves, and crashes 20 s after its start; the soak is 30 s',
  expected: { code: 'UNHEALTHY', state: 'degraded', withinSeconds: 100 },
  run: async ({ deploy }) => {
    const script = 'setTimeout(() => process.exit(5), 20_000);';
    const objects = runFirst('dj-service', script);
    const release = await deploy({ objects, soakSeconds: 30 });

    assert.ok(release.wentBack?.proven, 'what was before serves again');
    return endOf(release, 'dj-service');
  },
};
