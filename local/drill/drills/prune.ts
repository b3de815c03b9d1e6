import assert from 'node:assert/strict';
import type { KubernetesObject } from '../../../ci/src/manifests/objects.ts';
import { namespace } from '../../../ci/src/namespace.ts';
import { rollback } from '../../../ci/src/rollback.ts';
import type { Drill } from '../drill.ts';
import { endOf } from '../end.ts';

const labels = { 'app.kubernetes.io/part-of': 'whatsthecraic' };
const service = (name: string): KubernetesObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace, labels },
  spec: { clusterIP: 'None', ports: [{ port: 80 }] },
});

export const drill: Drill = {
  what: 'a release holds a Service that the next one lacks, beside a stranger’s with our label',
  expected: { code: 'HEALTHY', state: 'verified', withinSeconds: 90 },
  run: async ({ admin, deploy, put, target, say }) => {
    const there = async () =>
      admin([
        ...['get', 'service/pruned', 'service/of-a-stranger', '--ignore-not-found'],
        ...['-o', 'name', `--namespace=${namespace}`],
      ]);
    await put(service('of-a-stranger'));
    const first = await deploy({ objects: (objects) => [...objects, service('pruned')] });
    assert.equal(first.state, 'verified');
    assert.equal(await there(), 'service/pruned\nservice/of-a-stranger\n');

    const second = await deploy();
    assert.equal(second.state, 'verified');
    assert.equal(await there(), 'service/of-a-stranger\n', 'the stranger’s alone is left');

    const request = { overlay: 'local', target, services: [], soakSeconds: 0, say };
    const back = await rollback({ ...request, to: first.id });
    assert.equal(await there(), 'service/pruned\nservice/of-a-stranger\n', 'it is back');
    return endOf(back, 'aggregator');
  },
};
