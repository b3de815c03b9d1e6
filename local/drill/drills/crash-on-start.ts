import assert from 'node:assert/strict';
import { runFirst } from '../change-container.ts';
import type { Drill } from '../drill.ts';
import { endOf } from '../end.ts';

const lastWords = 'FATAL: the decks are on fire';

export const drill: Drill = {
  what: 'dj-service writes a line and exits with 3 each time it starts',
  expected: { code: 'CRASHED', state: 'degraded', withinSeconds: 25 },
  run: async ({ deploy }) => {
    const script = `console.error(${JSON.stringify(lastWords)});process.exit(3)`;
    const release = await deploy({ objects: runFirst('dj-service', script) });

    const dj = release.services.find((it) => it.service === 'dj-service');
    assert.equal(dj?.exitCode, 3);
    assert.ok(dj?.evidence?.log.includes(lastWords), 'the log tells why');
    assert.ok(release.wentBack?.proven, 'what was before serves again');
    return endOf(release, 'dj-service');
  },
};
