import type { Drill } from '../drill.ts';
import { endOfRefused } from '../end.ts';

const never = `sha256:${'0123456789abcdef'.repeat(4)}`;

export const drill: Drill = {
  what: 'the aggregator is to run an image that nobody pushed: the registry is asked before anything is touched',
  expected: { code: 'IMAGE_NOT_FOUND', state: 'untouched', withinSeconds: 20 },
  run: ({ deploy }) =>
    endOfRefused(() =>
      deploy({
        images: (images) =>
          images.map((it) => (it.service === 'aggregator' ? { ...it, digest: never } : it)),
      }),
    ),
};
