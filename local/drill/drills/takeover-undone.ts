import assert from 'node:assert/strict';
import { PipelineError } from '../../../ci/src/errors.ts';
import { readRecords } from '../../../ci/src/release/records.ts';
import { lost, noteOf, podsOfPlatform, standAsSeed, startSiteLoad } from '../as-seed.ts';
import { runFirst } from '../change-container.ts';
import type { Drill } from '../drill.ts';

export const drill: Drill = {
  what: 'deploy --adopt takes over what the founding document’s own sequence made, and a new pod crashes',
  expected: { code: 'ADOPTION_FAILED', state: 'rolled-back', withinSeconds: 150 },
  run: async (stage) => {
    const { deploy, target, say } = stage;
    await standAsSeed(stage);
    const before = await podsOfPlatform(stage);
    const stop = await startSiteLoad(stage);
    try {
      const started = performance.now();
      const objects = runFirst('dj-service', "console.error('FATAL: no decks');process.exit(3)");
      const error = await deploy({ adopt: true, objects }).then(undefined, (it: unknown) => it);
      const seconds = (performance.now() - started) / 1_000;

      assert.ok(error instanceof PipelineError, String(error));
      assert.match(error.message, /dj-service: CRASHED: .*\n(.*\n)*.*FATAL: no decks/);
      const results = await stop();
      say(`load: ${JSON.stringify(results)}`);
      assert.equal(lost(results), '', 'no request is lost');
      assert.deepEqual(await podsOfPlatform(stage), before, 'the very pods that served serve');
      const [record] = await readRecords(target);
      assert.ok(record);
      const { state } = record.release;
      return { code: error.code, state, seconds, note: noteOf(results), report: error.message };
    } finally {
      await stop();
    }
  },
};
