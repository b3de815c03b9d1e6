import assert from 'node:assert/strict';
import { changeContainer } from '../change-container.ts';
import type { Drill } from '../drill.ts';
import { endOf } from '../end.ts';

export const drill: Drill = {
  what: 'dj-service is to read a key that its ConfigMap does not have',
  expected: { code: 'CONFIG_MISSING', state: 'degraded', withinSeconds: 40 },
  run: async ({ deploy }) => {
    const objects = changeContainer('dj-service', (it) => {
      const name = it.envFrom?.find((from) => from.configMapRef)?.configMapRef?.name ?? '';
      const valueFrom = { configMapKeyRef: { name, key: 'TEMPO' } };
      return { ...it, env: [...(it.env ?? []), { name: 'TEMPO', valueFrom }] };
    });
    const release = await deploy({ objects });

    const dj = release.services.find((it) => it.service === 'dj-service');
    assert.match(dj?.message ?? '', /couldn't find key TEMPO/);
    return endOf(release, 'dj-service');
  },
};
