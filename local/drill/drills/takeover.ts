import assert from 'node:assert/strict';
import { PipelineError } from '../../../ci/src/errors.ts';
import { namespace } from '../../../ci/src/namespace.ts';
import { services } from '../../../ci/src/services.ts';
import {
  lost,
  noteOf,
  standAsSeed,
  startSiteLoad,
  untilOldPodsEnd,
  watchEndpoints,
} from '../as-seed.ts';
import type { Drill } from '../drill.ts';
import { endOf } from '../end.ts';
import type { Stage } from '../stage.ts';

const here = `--namespace=${namespace}`;
/** A label that no manifest of ours knows. */
const strange = ['service/aggregator', 'team=blue', here];

export const drill: Drill = {
  what: 'the founding document’s own sequence has made the platform, and deploy --adopt takes it over',
  expected: { code: 'HEALTHY', state: 'verified', withinSeconds: 60 },
  run: async (stage) => {
    const { admin, deploy, say } = stage;
    await standAsSeed(stage);
    await admin(['label', ...strange]);
    for (const it of await selectors(stage)) assert.match(it, /"app":/);
    const stop = await startSiteLoad(stage);
    const fewest = watchEndpoints(stage, 'aggregator');
    try {
      const error = await deploy().then(undefined, (it: unknown) => it);
      assert.ok(error instanceof PipelineError && error.code === 'ADOPT_NEEDED', String(error));
      assert.match(error.message, /deploy with --adopt/);
      const said: string[] = [];
      const release = await deploy({
        adopt: true,
        soakSeconds: 3,
        say: (line) => {
          said.push(line);
          say(line);
        },
      });
      await untilOldPodsEnd(stage);

      const results = await stop();
      say(`load: ${JSON.stringify(results)}`);
      assert.equal(lost(results), '', 'no request is lost');
      assert.equal(await fewest(), 2, 'two of two replicas serve all the time');
      assert.equal(release.state, 'verified');
      const order = [/^replacing .*; the pods that serve go on/, /^all healthy/, /^taken over;/];
      const places = order.map((line) => said.findIndex((it) => line.test(it)));
      assert.deepEqual(
        places,
        places.toSorted((a, b) => a - b),
        'old pods end after proof',
      );
      assert.ok(!places.includes(-1), `said: ${said.join('\n')}`);
      assert.deepEqual(
        await selectors(stage),
        services
          .map(({ name }) => `${name} ${JSON.stringify({ 'app.kubernetes.io/name': name })}`)
          .toSorted(),
      );
      const team = ['get', 'service/aggregator', here, '-o', 'jsonpath={.metadata.labels.team}'];
      assert.equal(await admin(team), 'blue', 'what is not ours is left alone');
      const again = await deploy();
      assert.deepEqual(
        again.services.filter((it) => it.newPods > 0),
        [],
        'afterwards a deploy rolls nothing',
      );
      const left = ['get', 'configmap/takeover', 'networkpolicy/takeover', '--ignore-not-found'];
      assert.equal(await admin([...left, '-o', 'name', here]), '');
      return { ...endOf(release, 'aggregator'), note: noteOf(results) };
    } finally {
      await stop();
      await fewest();
    }
  },
};

/** By what each Deployment selects its pods. */
async function selectors({ admin }: Stage): Promise<readonly string[]> {
  const path = '{range .items[*]}{.metadata.name} {.spec.selector.matchLabels}{"\\n"}{end}';
  const printed = await admin(['get', 'deployments', here, '-o', `jsonpath=${path}`]);
  return printed.trim().split('\n').toSorted();
}
