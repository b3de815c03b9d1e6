import { runFirst } from '../change-container.ts';
import type { Drill } from '../drill.ts';
import { endOf } from '../end.ts';

const greed = 'const kept = []; setInterval(() => kept.push(Buffer.alloc(30_000_000, 1)), 20);';

export const drill: Drill = {
  what: 'dj-service takes more and more memory from its start on',
  expected: { code: 'OUT_OF_MEMORY', state: 'degraded', withinSeconds: 45 },
  run: async ({ deploy }) =>
    endOf(await deploy({ objects: runFirst('dj-service', greed) }), 'dj-service'),
};
