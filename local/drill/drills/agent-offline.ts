import { setAgent } from '../disturb-aws.ts';
import type { Drill } from '../drill.ts';
import { endOfRefused } from '../end.ts';

export const drill: Drill = {
  what: 'the node’s agent is offline before a deploy begins',
  expected: { code: 'INSTANCE_OFFLINE', state: 'untouched', withinSeconds: 5 },
  run: async (stage) => {
    stage.after(() => setAgent(stage, 'online'));
    await setAgent(stage, 'offline');
    return endOfRefused(() => stage.place.openTarget());
  },
};
