import type { Drill } from '../drill.ts';
import { endOfRefused } from '../end.ts';
import { imageForOthers } from '../new-image.ts';

export const drill: Drill = {
  what: 'dj-service is to run an image that is made for another processor',
  expected: { code: 'IMAGE_WRONG_PLATFORM', state: 'untouched', withinSeconds: 25 },
  run: async ({ deploy, images }) => {
    const change = await imageForOthers('dj-service', images);
    return endOfRefused(() => deploy(change));
  },
};
