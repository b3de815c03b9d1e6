import { changeContainer } from '../change-container.ts';
import type { Drill } from '../drill.ts';
import { endOf } from '../end.ts';

export const drill: Drill = {
  what: 'the readiness probe of dj-service asks for what is not there',
  expected: { code: 'NOT_READY', state: 'degraded', withinSeconds: 120 },
  run: async ({ deploy }) => {
    const readinessProbe = { httpGet: { path: '/nowhere', port: 'http' }, periodSeconds: 1 };
    const objects = changeContainer('dj-service', (it) => ({ ...it, readinessProbe }));
    return endOf(await deploy({ objects }), 'dj-service');
  },
};
