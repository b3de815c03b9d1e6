import assert from 'node:assert/strict';
import type { Drill } from '../drill.ts';

export const drill: Drill = {
  what: 'one answer of the cluster is larger than 5 MB, SSM hands back 24,000 characters',
  expected: { code: 'WHOLE', state: 'untouched', withinSeconds: 90 },
  run: async ({ target, admin }) => {
    const started = performance.now();
    const document = await admin(['get', '--raw', '/openapi/v2']);
    const calls = Array.from({ length: 3 }, () => ({ args: ['get', '--raw', '/openapi/v2'] }));
    const outputs = await target.kubectl(calls);
    const printed = outputs.map((output) => output.stdout.trim());
    const bytes = printed.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    assert.ok(bytes > 5_000_000, `${bytes} bytes`);
    for (const text of printed) assert.ok(text === document.trim(), 'it came as it was sent');
    const seconds = (performance.now() - started) / 1_000;
    return { code: 'WHOLE', state: 'untouched', seconds };
  },
};
