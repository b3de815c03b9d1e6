import type { Drill } from '../drill.ts';
import { endOf } from '../end.ts';
import { newImage } from '../new-image.ts';
import { registryOutage } from '../registry-outage.ts';

export const drill: Drill = {
  what: 'the registry is away for 8 s while a new image is pulled',
  expected: { code: 'HEALTHY', state: 'verified', withinSeconds: 120 },
  run: async (stage) => {
    const change = await newImage('dj-service', stage.images);
    await registryOutage(stage, 8);
    const release = await stage.deploy(change);
    stage.keep('dj-service', change);
    return endOf(release, 'dj-service');
  },
};
