import test from 'ava';
import { PipelineError } from '../../src/errors.ts';
import { findEndpoints, parseEndpoints, probesFor } from '../../src/health/vantage-points.ts';
import { findService } from '../../src/services.ts';
import { fakeClock } from '../fake-clock.ts';
import { fakeTarget } from '../fake-target.ts';
import { readOnly } from '../read-only.ts';
import { cluster, ending, evicted, ready, rollout } from '../rollout/cluster.ts';
import { ingressText } from './endpoint-texts.ts';

const rule = (host: string | undefined, service: string) => ({
  ...(host ? { host } : {}),
  http: { paths: [{ path: '/', backend: { service: { name: service, port: { name: 'http' } } } }] },
});
const hostsIn = (text: string) => parseEndpoints([text]).hosts;
const websecure = { 'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure' };
const at = (ip: string) => ({ ingress: [{ ip }] });

test('parseEndpoints – hosts of two services – each with its address', (t) => {
  const text = ingressText({
    annotations: websecure,
    balancer: at('10.1.0.9'),
    rules: [rule('api.example.ie', 'aggregator'), rule('auth.example.ie', 'auth-service')],
  });
  t.deepEqual(hostsIn(text), [
    { host: 'api.example.ie', service: 'aggregator', tls: true, address: '10.1.0.9' },
    { host: 'auth.example.ie', service: 'auth-service', tls: true, address: '10.1.0.9' },
  ]);
});

test('parseEndpoints – TLS by spec.tls, by the entry point, or not at all – told apart', (t) => {
  const tls = (text: string) => hostsIn(text).map((host) => host.tls);
  const rules = [rule('a.ie', 'aggregator')];
  t.deepEqual(tls(ingressText({ tls: [{ hosts: ['a.ie'] }], rules })), [true]);
  t.deepEqual(tls(ingressText({ annotations: websecure, rules })), [true]);
  t.deepEqual(tls(ingressText({ rules })), [false]);
  const web = { 'traefik.ingress.kubernetes.io/router.entrypoints': 'web' };
  t.deepEqual(tls(ingressText({ annotations: web, rules })), [false]);
});

test('parseEndpoints – a host with and without TLS, in either order – the one with TLS', (t) => {
  const plain = ingressText({ rules: [rule('a.ie', 'redirect')] });
  const secure = ingressText({ annotations: websecure, rules: [rule('a.ie', 'aggregator')] });
  for (const text of [plain + secure, secure + plain]) {
    t.deepEqual(hostsIn(text), [{ host: 'a.ie', service: 'aggregator', tls: true, address: '' }]);
  }
});

test('parseEndpoints – an address by name, or none yet – taken as it is', (t) => {
  const rules = [rule('a.ie', 'aggregator')];
  const named = { ingress: [{ hostname: 'lb.example.com' }] };
  t.is(hostsIn(ingressText({ balancer: named, rules }))[0]?.address, 'lb.example.com');
  t.is(hostsIn(ingressText({ rules }))[0]?.address, '');
});

test('parseEndpoints – rules without a host, without a backend, no rules, nothing – left out', (t) => {
  t.deepEqual(hostsIn(ingressText({ rules: [rule(undefined, 'aggregator')] })), []);
  t.deepEqual(hostsIn(ingressText({ rules: [{ host: 'a.ie' }] })), []);
  t.deepEqual(hostsIn(ingressText({})), []);
  t.deepEqual(hostsIn(''), []);
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

test('findEndpoints – Services and Ingresses – as kubectl prints them', async (t) => {
  const target = fakeTarget(fakeClock(), {
    cluster: () => cluster(),
    services: ['aggregator', 'dj-service'],
    ingresses: ingressText({ rules: [rule('a.ie', 'aggregator')] }),
  });
  const found = await findEndpoints(target);
  t.deepEqual(
    [...found.clusterIps],
    [
      ['aggregator', '10.0.0.1'],
      ['dj-service', '10.0.0.2'],
    ],
  );
  t.is(found.hosts.length, 1);
});

test('findEndpoints – they cannot be read – refused, rather than asking fewer places', async (t) => {
  const target = {
    description: 'x',
    namespace: 'whatsthecraic',
    kubectl: async () => [{ exitCode: 1, stdout: '', stderr: 'forbidden' }],
    probe: async () => [],
    ...readOnly,
  };
  const error = await t.throwsAsync(findEndpoints(target), { instanceOf: PipelineError });
  t.is(error?.code, 'CLUSTER_UNREACHABLE');
  t.regex(error?.message ?? '', /forbidden/);
});
