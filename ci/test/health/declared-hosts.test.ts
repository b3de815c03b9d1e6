import test from 'ava';
import { hostsOf, withDeclared } from '../../src/health/declared-hosts.ts';

const rule = (host: string | undefined, service: string) => ({
  ...(host ? { host } : {}),
  http: { paths: [{ backend: { service: { name: service } } }] },
});
const ingress = (annotations: Record<string, string>, spec: object) => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'all', annotations },
  spec,
});
const host = (name: string, service: string, address = '', tls = true) => ({
  host: name,
  service,
  tls,
  address,
});

test('hostsOf – manifests with an Ingress – its hosts, without an address yet', (t) => {
  const websecure = { 'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure' };
  t.deepEqual(
    hostsOf([
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'aggregator' } },
      ingress(websecure, { rules: [rule('a.ie', 'aggregator'), rule(undefined, 'dj-service')] }),
      ingress({}, { rules: [rule('plain.ie', 'aggregator')] }),
      ingress({}, { tls: [{ hosts: ['t.ie'] }], rules: [rule('t.ie', 'auth-service')] }),
    ]),
    [
      host('a.ie', 'aggregator'),
      host('plain.ie', 'aggregator', '', false),
      host('t.ie', 'auth-service'),
    ],
  );
});

test('hostsOf – no Ingress, or one without rules – none', (t) => {
  t.deepEqual(hostsOf([]), []);
  t.deepEqual(hostsOf([ingress({}, {})]), []);
});

test('withDeclared – a host led astray, one lost, one besides – asked as declared, and all of them', (t) => {
  const live = [
    host('a.ie', 'auth-service', '10.0.0.2'),
    host('more.ie', 'dj-service', '10.0.0.3'),
  ];
  t.deepEqual(withDeclared(live, [host('a.ie', 'aggregator'), host('lost.ie', 'aggregator')]), [
    host('a.ie', 'aggregator', '10.0.0.2'),
    host('lost.ie', 'aggregator', '10.0.0.2'),
    host('more.ie', 'dj-service', '10.0.0.3'),
  ]);
});

test('withDeclared – nothing declared – the cluster’s own', (t) => {
  const live = [host('a.ie', 'aggregator', '10.0.0.2')];
  t.deepEqual(withDeclared(live, []), live);
});
