import assert from 'node:assert/strict';
import { changeContainer } from '../change-container.ts';
import type { Drill } from '../drill.ts';
import { endOfRefused } from '../end.ts';

export const drill: Drill = {
  what: 'ml-service asks for more memory than the node has',
  expected: { code: 'NO_ROOM', state: 'untouched', withinSeconds: 45 },
  run: async ({ deploy }) => {
    const resources = { requests: { memory: '4Ti' }, limits: { memory: '4Ti' } };
    const objects = changeContainer('ml-service', (it) => ({ ...it, resources }));
    const end = await endOfRefused(() => deploy({ objects }));

    assert.match(end.report ?? '', /^ml-service: no node has room for its new pod beside the old/);
    return end;
  },
};
