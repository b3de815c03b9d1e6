import test from 'ava';
import { PipelineError } from '../../src/errors.ts';
import { parseIngresses, probesFor, readEndpoints } from '../../src/health/vantage-points.ts';
import { findService } from '../../src/services.ts';
import type { KubectlOutput } from '../../src/target/target.ts';
import { fakeClock } from '../fake-clock.ts';
import { fakeTarget } from '../fake-target.ts';
import { readOnly } from '../read-only.ts';
import { cluster, ending, evicted, ready, rollout } from '../rollout/cluster.ts';

const rule = (host: string | undefined, service: string) => ({
  ...(host ? { host } : {}),
  http: { paths: [{ path: '/', backend: { service: { name: service, port: { name: 'http' } } } }] },
});
interface IngressText {
  readonly tls?: unknown;
  readonly annotations?: object;
  readonly balancer?: object;
  readonly rules?: readonly object[];
}
const ingress = ({ tls, annotations, balancer = {}, rules }: IngressText) =>
  `${[
    tls ? JSON.stringify(tls) : '',
    annotations ? JSON.stringify(annotations) : '',
    JSON.stringify(balancer),
    rules ? JSON.stringify(rules) : '',
  ].join('\x1f')}\x1e`;
const websecure = { 'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure' };
const at = (ip: string) => ({ ingress: [{ ip }] });

test('parseIngresses – hosts of two services – each with its address', (t) => {
  const text = ingress({
    annotations: websecure,
    balancer: at('10.1.0.9'),
    rules: [rule('api.example.ie', 'aggregator'), rule('auth.example.ie', 'auth-service')],
  });
  t.deepEqual(parseIngresses(text), [
    { host: 'api.example.ie', service: 'aggregator', tls: true, address: '10.1.0.9' },
    { host: 'auth.example.ie', service: 'auth-service', tls: true, address: '10.1.0.9' },
  ]);
});

test('parseIngresses – TLS by spec.tls, by the entry point, or not at all – told apart', (t) => {
  const tls = (text: string) => parseIngresses(text).map((host) => host.tls);
  const rules = [rule('a.ie', 'aggregator')];
  t.deepEqual(tls(ingress({ tls: [{ hosts: ['a.ie'] }], rules })), [true]);
  t.deepEqual(tls(ingress({ annotations: websecure, rules })), [true]);
  t.deepEqual(tls(ingress({ rules })), [false]);
  const web = { 'traefik.ingress.kubernetes.io/router.entrypoints': 'web' };
  t.deepEqual(tls(ingress({ annotations: web, rules })), [false]);
});

test('parseIngresses – a host with and without TLS, in either order – the one with TLS', (t) => {
  const plain = ingress({ rules: [rule('a.ie', 'redirect')] });
  const secure = ingress({ annotations: websecure, rules: [rule('a.ie', 'aggregator')] });
  for (const text of [plain + secure, secure + plain]) {
    t.deepEqual(parseIngresses(text), [
      { host: 'a.ie', service: 'aggregator', tls: true, address: '' },
    ]);
  }
});

test('parseIngresses – an address by name, or none yet – taken as it is', (t) => {
  const rules = [rule('a.ie', 'aggregator')];
  const named = { ingress: [{ hostname: 'lb.example.com' }] };
  t.is(parseIngresses(ingress({ balancer: named, rules }))[0]?.address, 'lb.example.com');
  t.is(parseIngresses(ingress({ rules }))[0]?.address, '');
});

test('parseIngresses – rules without a host, without a backend, no rules, nothing – left out', (t) => {
  t.deepEqual(parseIngresses(ingress({ rules: [rule(undefined, 'aggregator')] })), []);
  t.deepEqual(parseIngresses(ingress({ rules: [{ host: 'a.ie' }] })), []);
  t.deepEqual(parseIngresses(ingress({})), []);
  t.deepEqual(parseIngresses(''), []);
});

const endpoints = {
  clusterIps: new Map([['aggregator', '10.0.0.1']]),
  hosts: [
    { host: 'api.ie', service: 'aggregator', tls: true, address: '10.1.0.9' },
    { host: 'auth.ie', service: 'auth-service', tls: true, address: '10.1.0.9' },
    { host: 'new.ie', service: 'aggregator', tls: false, address: '' },
  ],
};

test('probesFor – a service with pods, a Service and hosts – every place, none of another’s', (t) => {
  const snapshot = cluster(
    rollout('aggregator', { newPods: [ready(), ready()], oldPods: [ending(ready())] }),
    rollout('auth-service', { newPods: [ready()] }),
  );
  const probes = probesFor(findService('aggregator'), snapshot, endpoints);
  t.true(probes.every((probe) => probe.service === 'aggregator'));
  t.deepEqual(
    probes.map((probe) => (probe.via === 'pod' ? probe.pod : probe.address)),
    [
      ...['aggregator-new-0', 'aggregator-new-1', 'aggregator-old-0'],
      ...['10.0.0.1', '10.0.0.1', '10.0.0.1'],
      ...['10.1.0.9', '127.0.0.1'],
    ],
  );
});

test('probesFor – evicted pods – not asked', (t) => {
  const snapshot = rollout('aggregator', { newPods: [evicted(), ready()], oldPods: [evicted()] });
  const pods = probesFor(findService('aggregator'), snapshot, endpoints).filter(
    (probe) => probe.via === 'pod',
  );
  t.deepEqual(
    pods.map((probe) => probe.pod),
    ['aggregator-new-1'],
  );
});

test('readEndpoints – Services and Ingresses – as kubectl prints them', async (t) => {
  const target = fakeTarget(fakeClock(), {
    cluster: () => cluster(),
    services: ['aggregator', 'dj-service'],
    ingresses: ingress({ rules: [rule('a.ie', 'aggregator')] }),
  });
  const found = await readEndpoints(target);
  t.deepEqual(
    [...found.clusterIps],
    [
      ['aggregator', '10.0.0.1'],
      ['dj-service', '10.0.0.2'],
    ],
  );
  t.is(found.hosts.length, 1);
});

test('readEndpoints – either list cannot be read – refused, rather than asking fewer places', async (t) => {
  const good: KubectlOutput = { exitCode: 0, stdout: '', stderr: '' };
  const bad: KubectlOutput = { exitCode: 1, stdout: '', stderr: 'forbidden' };
  for (const outputs of [
    [bad, good],
    [good, bad],
  ]) {
    const target = {
      description: 'x',
      namespace: 'whatsthecraic',
      kubectl: async () => outputs,
      probe: async () => [],
      ...readOnly,
    };
    const error = await t.throwsAsync(readEndpoints(target), { instanceOf: PipelineError });
    t.is(error?.code, 'CLUSTER_UNREACHABLE');
    t.regex(error?.message ?? '', /forbidden/);
  }
});
