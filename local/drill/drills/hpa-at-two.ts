import assert from 'node:assert/strict';
import { namespace } from '../../../ci/src/namespace.ts';
import { watchEndpoints } from '../as-seed.ts';
import type { Drill } from '../drill.ts';
import { endOf } from '../end.ts';
import { rollOne } from '../roll-one.ts';

const gateway = ['deployment/aggregator', `--namespace=${namespace}`];

export const drill: Drill = {
  what: 'the autoscaler has the aggregator at two replicas: a deploy rolls both and leaves two',
  expected: { code: 'HEALTHY', state: 'verified', withinSeconds: 120 },
  run: async (stage) => {
    const { admin, after, deploy } = stage;
    // As an autoscaler does it: by the subresource, so that nobody else owns the number.
    const scale = (replicas: number) => admin(['scale', ...gateway, `--replicas=${replicas}`]);
    const replicas = async () =>
      admin(['get', ...gateway, '-o', 'jsonpath={.spec.replicas} {.status.readyReplicas}']);
    after(async () => {
      await scale(1);
      await admin(['rollout', 'status', ...gateway, '--timeout=50s']);
    });
    await scale(2);
    await admin(['rollout', 'status', ...gateway, '--timeout=50s']);
    const fewest = watchEndpoints(stage, 'aggregator');

    const objects = rollOne('aggregator');
    const release = await deploy({ objects });

    assert.equal(await fewest(), 2, 'two serve all the time');
    assert.equal(await replicas(), '2 2');
    const { newPods } = release.services.find((it) => it.service === 'aggregator') ?? {};
    assert.equal(newPods, 2);
    stage.keep('aggregator', { objects });
    return endOf(release, 'aggregator');
  },
};
