import type { Drill } from '../drill.ts';
import { endOfRefused } from '../end.ts';

const never = `sha256:${'0123456789abcdef'.repeat(4)}`;

export const drill: Drill = {
  what: 'an image vanishes from the registry after it was looked up: the pull before the apply sees it',
  expected: { code: 'IMAGE_NOT_FOUND', state: 'untouched', withinSeconds: 45 },
  run: ({ deploy }) =>
    endOfRefused(() =>
      deploy({
        images: (all) =>
          all.map((it) => (it.service === 'aggregator' ? { ...it, digest: never } : it)),
        platformsOf: async () => ['linux/amd64', 'linux/arm64'],
      }),
    ),
};
