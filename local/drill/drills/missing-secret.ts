import assert from 'node:assert/strict';
import { changeContainer } from '../change-container.ts';
import type { Drill } from '../drill.ts';
import { endOfRefused } from '../end.ts';

const variable = {
  name: 'SPOTIFY_TOKEN',
  valueFrom: { secretKeyRef: { name: 'spotify', key: 'token' } },
};

export const drill: Drill = {
  what: 'dj-service is to read a Secret that nobody has made',
  expected: { code: 'SECRET_KEYS_MISSING', state: 'untouched', withinSeconds: 20 },
  run: async ({ deploy }) => {
    const objects = changeContainer('dj-service', (it) => ({
      ...it,
      env: [...(it.env ?? []), variable],
    }));
    const end = await endOfRefused(() => deploy({ objects }));

    assert.match(end.report ?? '', /spotify/);
    return end;
  },
};
