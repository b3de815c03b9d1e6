import assert from 'node:assert/strict';
import type { Drill } from '../drill.ts';
import { endOf } from '../end.ts';

const never = `sha256:${'0123456789abcdef'.repeat(4)}`;

export const drill: Drill = {
  what: 'the aggregator is to run an image that nobody pushed',
  expected: { code: 'IMAGE_NOT_FOUND', state: 'rolled-back', withinSeconds: 8 },
  run: async ({ deploy }) => {
    const release = await deploy({
      images: (images) =>
        images.map((it) => (it.service === 'aggregator' ? { ...it, digest: never } : it)),
    });

    assert.ok(release.wentBack?.proven, 'what was before serves again');
    return endOf(release, 'aggregator');
  },
};
