import assert from 'node:assert/strict';
import { PipelineError } from '../../../ci/src/errors.ts';
import { lost, standAsSeed, startSiteLoad, untilOldPodsEnd, watchEndpoints } from '../as-seed.ts';
import type { Drill } from '../drill.ts';
import { endOf } from '../end.ts';

export const drill: Drill = {
  what: 'the founding document’s own sequence has made the platform, and deploy --adopt takes it over',
  expected: { code: 'HEALTHY', state: 'verified', withinSeconds: 20 },
  run: async (stage) => {
    const { admin, deploy, say } = stage;
    await standAsSeed(stage);
    const stop = await startSiteLoad(stage);
    const fewest = watchEndpoints(stage, 'aggregator');
    try {
      const error = await deploy().then(undefined, (it: unknown) => it);
      assert.ok(error instanceof PipelineError && error.code === 'ADOPT_NEEDED', String(error));
      assert.match(error.message, /deploy with --adopt/);
      const release = await deploy({ adopt: true });
      await untilOldPodsEnd(stage);

      const results = await stop();
      say(`load: ${JSON.stringify(results)}`);
      assert.equal(lost(results), '', 'no request is lost');
      assert.equal(await fewest(), 2, 'two of two replicas serve all the time');
      assert.equal(release.state, 'verified');
      const again = await deploy();
      assert.deepEqual(
        again.services.filter((it) => it.newPods > 0),
        [],
        'afterwards a deploy rolls nothing',
      );
      const left = ['get', 'configmap/takeover', 'networkpolicy/takeover', '--ignore-not-found'];
      assert.equal(await admin([...left, '-o', 'name', '-n', 'whatsthecraic']), '');
      return endOf(release, 'aggregator');
    } finally {
      await stop();
      await fewest();
    }
  },
};
