import type { Drill } from '../drill.ts';
import { endOfRefused } from '../end.ts';

const never = `sha256:${'0123456789abcdef'.repeat(4)}`;

export const drill: Drill = {
  what: 'the aggregator is to run an image that nobody pushed: the pull before the apply sees it',
  expected: { code: 'IMAGE_NOT_FOUND', state: 'untouched', withinSeconds: 8 },
  run: ({ deploy }) =>
    endOfRefused(() =>
      deploy({
        images: (images) =>
          images.map((it) => (it.service === 'aggregator' ? { ...it, digest: never } : it)),
      }),
    ),
};
