import type { Drill } from '../drill.ts';
import { endOfRefused } from '../end.ts';
import { newImage } from '../new-image.ts';
import { registryOutage } from '../registry-outage.ts';

export const drill: Drill = {
  what: 'the registry is away for good when a new image is to be pulled; 30 s are given',
  expected: { code: 'IMAGE_PULL_FAILED', state: 'untouched', withinSeconds: 90 },
  run: async (stage) => {
    const change = await newImage('dj-service', stage.images);
    await registryOutage(stage);
    return endOfRefused(() => stage.deploy({ ...change, timeoutSeconds: 30 }));
  },
};
