import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { type Cluster, startKubernetes, stopKubernetes } from '../kubernetes/index.ts';
import { SERVERS } from '../kubernetes/teardown.ts';
import { recordedServers, runningServer } from '../processes.ts';
import { startRegistry, stopRegistry } from '../registry.ts';
import { run, tryRun } from '../run.ts';
import { type Instance, instance } from '../state.ts';
import { pushBusybox } from './helpers/busybox-image.ts';
import { leftovers } from './helpers/leftovers.ts';

const kernelSettings = () =>
  Promise.all(
    ['vm/overcommit_memory', 'kernel/panic', 'kernel/panic_on_oops'].map((name) =>
      readFile(`/proc/sys/${name}`, 'utf8'),
    ),
  );

async function temporaryInstance(t: ExecutionContext): Promise<Instance> {
  const folder = await mkdtemp(join(tmpdir(), 'wtc-'));
  const { cacheFolder } = instance('k8s-test');
  const own = { ...instance('k8s-test', { XDG_STATE_HOME: folder }), cacheFolder };
  t.teardown(async () => {
    await stopRegistry(own);
    await stopKubernetes(own);
    await rm(folder, { recursive: true, force: true });
  });
  return own;
}

const kubectl = (cluster: Cluster, args: readonly string[], input = '') =>
  run([cluster.kubectl, `--kubeconfig=${cluster.kubeconfig}`, ...args], {
    input,
    timeoutMs: 60_000,
  });

async function eventually(t: ExecutionContext, what: string, isSo: () => Promise<boolean>) {
  const deadline = Date.now() + 45_000;
  while (Date.now() < deadline) {
    if (await isSo().catch(() => false)) return t.pass(what);
    await sleep(250);
  }
  return t.fail(`${what}: not within 45 s`);
}

const answers = (url: string) => async () =>
  (await (await fetch(url, { signal: AbortSignal.timeout(2_000) })).text()) === 'hello\n';

const workload = (image: string) => ({
  apiVersion: 'v1',
  kind: 'List',
  items: [
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'data' },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: {
            // httpd as process 1 does not hear SIGTERM.
            terminationGracePeriodSeconds: 5,
            securityContext: { runAsUser: 65_532, runAsNonRoot: true },
            volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
            containers: [
              {
                name: 'web',
                image,
                args: [
                  'sh',
                  '-c',
                  'echo hello; echo hello > /data/index.html; exec busybox httpd -f -p 8080 -h /data',
                ],
                volumeMounts: [{ name: 'data', mountPath: '/data' }],
                readinessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 1 },
                lifecycle: { preStop: { sleep: { seconds: 3 } } },
              },
            ],
          },
        },
      },
    },
  ],
});

test('Kubernetes – started, broken, started again and stopped – runs pods and leaves nothing', async (t) => {
  t.timeout(900_000, 'the first run on a machine compiles Kubernetes');
  const own = await temporaryInstance(t);
  const settings = await kernelSettings();

  const cluster = await startKubernetes(own, { say: t.log });
  const registry = await startRegistry(own, { address: cluster.hostAddress });
  t.is((await stat(cluster.kubeconfig)).mode & 0o777, 0o600);
  const image = await pushBusybox(registry.address, join(own.stateFolder, 'image'));

  await kubectl(cluster, ['apply', '-f', '-'], JSON.stringify(workload(image)));
  await kubectl(cluster, ['rollout', 'status', 'deployment/web', '--timeout=20s']).catch(
    async (error: unknown) => {
      t.log(await kubectl(cluster, ['describe', 'pods']));
      throw error;
    },
  );
  const claim = await kubectl(cluster, ['get', 'pvc', 'data', '-o', 'jsonpath={.status.phase}']);
  t.is(claim, 'Bound');
  t.is(await kubectl(cluster, ['logs', 'deployment/web']), 'hello\n');

  const inPod = ['exec', 'deployment/web', '--', '/bin/busybox'];
  // By nslookup and nc: Debian's busybox wget crashes where the image has no /etc/services.
  const lookUp = [...inPod, 'nslookup', 'web.default.svc.cluster.local'];
  const ip = await kubectl(cluster, ['get', 'service', 'web', '-o', 'jsonpath={.spec.clusterIP}']);
  t.true((await kubectl(cluster, lookUp)).includes(ip), 'a Service by name, in a pod');
  const [registryHost = '', registryPort = ''] = registry.address.split(':');
  for (const [host, port] of [
    [ip, '80'],
    [registryHost, registryPort],
  ] as const) {
    const request = `printf 'GET / HTTP/1.0\\r\\n\\r\\n' | /bin/busybox nc -w 5 ${host} ${port}`;
    t.regex(
      await kubectl(cluster, [...inPod, 'sh', '-c', request]),
      /^HTTP\/1/,
      `${host}, in a pod`,
    );
  }
  t.true(await answers(`http://${ip}/`)(), 'a Service, from the host');
  const podIp = await kubectl(cluster, ['get', 'pod', '-o', 'jsonpath={.items[0].status.podIP}']);
  t.true(await answers(`http://${podIp}:8080/`)(), 'a pod, from the host');
  const open = await tryRun([
    'curl',
    '-sk',
    '-m',
    '5',
    `https://${cluster.nodeAddress}:10250/pods`,
  ]);
  t.regex(open.stdout, /Unauthorized/, 'the kubelet takes no orders from strangers');

  const stopping = kubectl(cluster, ['delete', 'pod', '-l', 'app=web', '--timeout=50s']);
  await sleep(1_500);
  t.true(await answers(`http://${podIp}:8080/`)(), 'preStop keeps a stopping pod at work');
  await stopping;

  const began = performance.now();
  t.deepEqual(await startKubernetes(own), cluster);
  t.true(performance.now() - began < 1_000, 'a second start finds it running');

  for (const name of SERVERS.filter((_, index) => index % 2 === 1)) {
    const record = await runningServer(own, name);
    t.truthy(record, name);
    if (record) process.kill(record.pid, 'SIGKILL');
  }
  const again = await startKubernetes(own, { say: t.log });
  t.is(again.nodeAddress, cluster.nodeAddress);
  await startRegistry(own, { address: again.hostAddress });
  await eventually(t, 'its Deployment is back', answers(`http://${ip}/`));

  const link = `wtc${again.nodeAddress.split('.')[1]}`;
  t.not((await leftovers(own, link)).length, 0, 'the search for leftovers finds a running node');
  await stopRegistry(own);
  const stopBegan = performance.now();
  await stopKubernetes(own);
  t.log(`stopped in ${Math.round(performance.now() - stopBegan)} ms`);
  t.deepEqual(await leftovers(own, link), []);
  t.deepEqual(await recordedServers(own), []);
  t.deepEqual(await kernelSettings(), settings);
});
