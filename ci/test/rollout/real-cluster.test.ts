import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { type Cluster, startKubernetes, stopKubernetes } from '../../../local/kubernetes/index.ts';
import { instance } from '../../../local/state.ts';
import { systemClock } from '../../src/clock.ts';
import { findEndpoints } from '../../src/health/vantage-points.ts';
import { namespace } from '../../src/namespace.ts';
import { warningsOf } from '../../src/rollout/evidence.ts';
import { takeSnapshot } from '../../src/rollout/snapshot.ts';
import { watchRollouts } from '../../src/rollout/watch.ts';
import { KubeconfigTarget } from '../../src/target/kubeconfig-target.ts';
import { planAll } from '../plan/real-plans.ts';
import { planOnSeed } from '../plan/seed-plans.ts';
import { deployIntoNothing } from '../release/first-deploy-on-real-cluster.ts';
import { leaseOnRealCluster } from '../release/lease-on-real-cluster.ts';

// The one image that every node of ours holds.
const image = 'whatsthecraic.local/pause:1';

let cluster: Cluster;
let stop = async (): Promise<void> => {};

test.before(async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'wtc-'));
  const { cacheFolder } = instance('ci-test');
  const own = { ...instance('ci-test', { XDG_STATE_HOME: folder }), cacheFolder };
  stop = async () => {
    await stopKubernetes(own);
    await rm(folder, { recursive: true, force: true });
  };
  cluster = await startKubernetes(own, { say: t.log });
});

test.after.always(() => stop());

test.serial(
  'plan on a real Kubernetes – empty, unchanged, changed, edited by hand – says what a deploy would do',
  async (t) => {
    t.timeout(240_000);
    await planAll(t, cluster);
  },
);

test.serial(
  'deploy on a real Kubernetes – into a namespace that is not there, by kubeconfig and SSM – says what it lacks, then makes it',
  async (t) => {
    t.timeout(240_000);
    await deployIntoNothing(t, cluster);
  },
);

test.serial(
  'Lease on a real Kubernetes – eight processes race for it – each round is one’s alone',
  async (t) => {
    t.timeout(240_000);
    await leaseOnRealCluster(t, cluster);
  },
);

const deployment = (name: string, container: object) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name,
    annotations: {
      'whatsthecraic.run.place/source': `src-${name}`,
      'whatsthecraic.run.place/commit': 'abc',
    },
  },
  spec: {
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        terminationGracePeriodSeconds: 1,
        containers: [{ name, image, ...container }],
      },
    },
  },
});

const objects = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
  deployment('good', {}),
  deployment('none-wanted', {}),
  deployment('unready', {
    readinessProbe: { httpGet: { path: '/health', port: 4000 }, periodSeconds: 1 },
  }),
  deployment('no-secret', {
    env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'missing', key: 'A' } } }],
  }),
  deployment('no-room', { resources: { requests: { memory: '900Gi' } } }),
  deployment('no-program', { command: ['/nope'] }),
  deployment('no-registry', { image: '127.0.0.1:1/none/x:1' }),
  deployment('bad-name', { image: 'A:B:C' }),
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'good' },
    spec: { selector: { app: 'good' }, ports: [{ port: 4000 }] },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: {
      name: 'all',
      annotations: { 'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure' },
    },
    spec: {
      rules: [
        {
          host: 'good.example.ie',
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: 'good', port: { number: 4000 } } },
              },
            ],
          },
        },
      ],
    },
  },
];

test.serial(
  'plan on a real Kubernetes – left by the founding document’s own sequence – names each conflict and selector',
  async (t) => {
    t.timeout(240_000);
    await planOnSeed(t, cluster);
  },
);

const expected = {
  good: 'ready READY',
  'none-wanted': 'ready READY',
  unready: 'failed NOT_READY',
  'no-secret': 'failed CONFIG_MISSING',
  'no-room': 'failed NO_ROOM',
  'no-program': 'failed CANNOT_START',
  'no-registry': 'failed IMAGE_PULL_FAILED',
  'bad-name': 'failed IMAGE_NOT_FOUND',
} as const;

test.serial(
  'rollouts on a real Kubernetes – one good, the others broken each in its way – each by its name',
  async (t) => {
    t.timeout(240_000);
    const { kubectl, kubeconfig } = cluster;
    const target = new KubeconfigTarget({ kubectl, kubeconfig, namespace });
    const [empty] = await target.kubectl([
      { args: ['create', '-f', '-'], input: JSON.stringify(objects[0]) },
    ]);
    t.is(empty?.exitCode, 0, empty?.stderr);
    t.deepEqual((await takeSnapshot(target)).pods, []);

    const list = { apiVersion: 'v1', kind: 'List', items: objects.slice(1) };
    const [applied] = await target.kubectl([
      { args: ['apply', '--server-side', '-f', '-'], input: JSON.stringify(list) },
      { args: ['get', 'namespace'] },
    ]);
    t.is(applied?.exitCode, 0, applied?.stderr);
    await target.kubectl([{ args: ['scale', 'deployment/none-wanted', '--replicas=0'] }]);

    const { verdicts, snapshot } = await watchRollouts({
      target,
      services: Object.keys(expected),
      clock: systemClock,
      timeoutSeconds: 35,
      say: t.log,
    });
    t.deepEqual(
      Object.fromEntries(verdicts.map((it) => [it.service, `${it.state} ${it.code}`])),
      expected,
    );
    const verdict = (service: string) => {
      const found = verdicts.find((it) => it.service === service);
      if (!found) throw new Error(`no verdict on ${service}`);
      return found;
    };
    t.is(verdict('no-secret').message, 'secret "missing" not found');
    t.regex(verdict('no-room').message, /Insufficient memory/);
    t.regex(verdict('no-program').message, /exec: "\/nope".*no such file/);
    t.regex(verdict('no-registry').message, /connection refused/);
    t.regex(warningsOf(verdict('unready'), snapshot).join('\n'), /Readiness probe failed/);

    const good = snapshot.deployments.find((it) => it.name === 'good');
    t.is(good?.source, 'src-good');
    t.is(good?.commit, 'abc');
    t.is(good?.status.observedGeneration, good?.generation);
    t.is(snapshot.deployments.find((it) => it.name === 'none-wanted')?.replicas, 0);
    // The scheduler's warnings have no lastTimestamp, the kubelet's no eventTime.
    for (const warning of snapshot.warnings) t.regex(warning.lastSeen, /^\d{4}-\d\d-\d\dT/);

    const endpoints = await findEndpoints(target);
    t.deepEqual([...endpoints.clusterIps.keys()], ['good']);
    t.deepEqual(endpoints.hosts, [
      { host: 'good.example.ie', service: 'good', tls: true, address: '' },
    ]);

    // The pause image listens nowhere: the API server's own words for that.
    const pod = snapshot.pods.find((it) => it.name.startsWith('good-'));
    const [answer] = await target.probe([
      { via: 'pod', service: 'good', pod: pod?.name ?? '', port: 4000, address: '' },
    ]);
    t.regex(answer?.error ?? '', /^error trying to reach service: .*connection refused$/);
  },
);
