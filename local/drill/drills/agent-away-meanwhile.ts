import { setTimeout as sleep } from 'node:timers/promises';
import { setAgent } from '../disturb-aws.ts';
import type { Drill } from '../drill.ts';
import { onLine, rollOne } from '../roll-one.ts';

export const drill: Drill = {
  what: 'the node’s agent goes away in the middle of a rollout and comes back 15 s later',
  expected: { code: 'HEALTHY', state: 'verified', withinSeconds: 120 },
  run: async (stage) => {
    stage.after(() => setAgent(stage, 'online'));
    const goAway = async () => {
      await setAgent(stage, 'offline');
      await sleep(15_000);
      await setAgent(stage, 'online');
    };
    let back = Promise.resolve();
    const objects = rollOne('venue-service');
    const release = await stage.deploy({
      objects,
      say: onLine(/^applied/, () => {
        back = goAway();
      }),
    });
    await back;
    stage.keep('venue-service', { objects });
    const { code = '' } = release.services.find((it) => it.service === 'venue-service') ?? {};
    return { code, state: release.state, seconds: release.seconds.total };
  },
};
