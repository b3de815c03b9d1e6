import { dirname } from 'node:path';
import type { ExecutionContext } from 'ava';
import type { Cluster } from '../../../local/kubernetes/index.ts';
import { deploy } from '../../src/deploy.ts';
import { PipelineError } from '../../src/errors.ts';
import type { KubernetesObject } from '../../src/manifests/objects.ts';
import { namespace } from '../../src/namespace.ts';
import { runProcess } from '../../src/process.ts';
import { readRecords } from '../../src/release/records.ts';
import type { Release } from '../../src/report/release.ts';
import { imageNames, services } from '../../src/services.ts';
import type { Target } from '../../src/target/target.ts';
import { commit, image } from '../deploy-scenario.ts';
import { openBench } from '../plan/on-real-cluster.ts';

const podOf = (name: string, env: readonly object[]): object => ({
  metadata: { labels: { 'app.kubernetes.io/name': name } },
  // No kubelet takes this name: all rollouts end within a second, and nothing has to be pulled.
  spec: { containers: [{ name, image: 'A:B:C', env }] },
});

/** The smallest platform: its namespace, six Deployments, and a migration that has nothing to do. */
const platform = (env: readonly object[] = []): readonly KubernetesObject[] => [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
  ...services.map(({ name }) => ({
    ...{ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace } },
    spec: {
      selector: { matchLabels: { 'app.kubernetes.io/name': name } },
      template: podOf(name, env),
    },
  })),
  {
    ...{ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'database', namespace } },
    spec: {
      completions: 0,
      template: {
        spec: { restartPolicy: 'Never', containers: [{ name: 'database', image: 'A:B:C' }] },
      },
    },
  },
];

const key = {
  name: 'JWT_SECRET',
  valueFrom: { secretKeyRef: { name: 'whatsthecraic-secrets', key: 'JWT_SECRET' } },
};

/** Deploys onto a cluster that has never heard of the platform, by both ways. */
export async function deployIntoNothing(t: ExecutionContext, cluster: Cluster): Promise<void> {
  const bench = await openBench(t, cluster);
  const env = {
    PATH: [dirname(cluster.kubectl), process.env.PATH].join(':'),
    KUBECONFIG: cluster.kubeconfig,
    HOME: dirname(cluster.kubeconfig),
  };
  const isThere = async () =>
    (await bench.kubectl(['get', 'namespace', namespace, '--ignore-not-found'])) !== '';
  const remove = () =>
    bench.kubectl(['delete', 'namespace', namespace, '--ignore-not-found', '--timeout=60s']);
  const run = (target: Target, objects: readonly KubernetesObject[]): Promise<Release> =>
    deploy({
      ...{ overlay: 'local', target, migrations: [], soakSeconds: 0, timeoutSeconds: 40 },
      revision: { commit, branch: 'main', dirty: false },
      ensureImages: async () => imageNames.map(image),
      render: async () => objects,
      say: t.log,
    });
  const requireEnd = async (target: Target, { id, state, services: results }: Release) => {
    t.deepEqual(
      [state, ...results.map(({ code }) => code)],
      ['failed', ...services.map(() => 'IMAGE_NOT_FOUND')],
    );
    const [record] = await readRecords(target);
    t.deepEqual([record?.release.id, record?.release.state], [id, 'failed']);
    t.is(record?.inventory?.length, 1 + services.length);
  };
  for (const target of [bench.direct, bench.overSsm]) {
    try {
      // Neither the namespace nor the Secret that has to lie in it.
      const refused = await t.throwsAsync(run(target, platform([key])), {
        instanceOf: PipelineError,
      });
      t.is(refused?.code, 'SECRET_KEYS_MISSING', refused?.message);
      t.false(await isThere(), 'nothing is touched');
      const command = refused?.cure?.split('\n\n')[1] ?? '';
      const typed = await runProcess(['sh', '-c', command], { env });
      t.is(typed.exitCode, 0, typed.stderr);
      await requireEnd(target, await run(target, platform([key])));

      // What needs no Secret makes its namespace itself.
      await remove();
      await requireEnd(target, await run(target, platform()));
    } finally {
      await remove();
    }
  }
}
