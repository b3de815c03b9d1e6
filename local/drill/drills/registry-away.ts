import type { Drill } from '../drill.ts';
import { endOf } from '../end.ts';
import { newImage } from '../new-image.ts';
import { registryOutage } from '../registry-outage.ts';

export const drill: Drill = {
  what: 'the registry is away for good while a new image is to be pulled; 30 s are given',
  expected: { code: 'IMAGE_PULL_FAILED', state: 'degraded', withinSeconds: 45 },
  run: async (stage) => {
    const change = await newImage('dj-service', stage.images);
    await registryOutage(stage);
    return endOf(await stage.deploy({ ...change, timeoutSeconds: 30 }), 'dj-service');
  },
};
