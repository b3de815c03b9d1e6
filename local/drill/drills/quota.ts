import type { Drill } from '../drill.ts';
import { endOf } from '../end.ts';
import { rollOne } from '../roll-one.ts';

export const drill: Drill = {
  what: 'a quota of the namespace has no room for a new pod',
  expected: { code: 'QUOTA_EXCEEDED', state: 'degraded', withinSeconds: 35 },
  run: async ({ deploy, put }) => {
    await put({
      ...{ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'full' } },
      spec: { hard: { pods: '1' } },
    });
    return endOf(await deploy({ objects: rollOne('dj-service') }), 'dj-service');
  },
};
