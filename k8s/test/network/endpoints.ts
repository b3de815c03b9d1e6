import type { KubernetesObject } from '../../../ci/src/manifests/objects.ts';
import { podTemplateOf } from '../../../ci/src/manifests/pod-template.ts';
import { probeJob } from '../../../ci/src/target/probe-job.ts';
import { containerOf, type Deployment, ofKind } from '../helpers/objects.ts';
import type { AddressEnd, Endpoint, PodEnd } from './endpoint.ts';
import type { Place } from './flows.ts';
import type { Labels } from './label-selector.ts';

/** What stands at each place, the platform's own pods with the labels and ports that were rendered. */
export function endpointsOf(
  objects: readonly KubernetesObject[],
): Readonly<Record<Place, readonly Endpoint[]>> {
  const namespace = objects.find(({ kind }) => kind === 'Namespace')?.metadata.name ?? '';
  const deployments = ofKind(objects, 'Deployment');
  /** Two replicas: what may pass between them is nobody's business either. */
  const service = (name: string): [PodEnd, PodEnd] => {
    const found = deployments.find(({ metadata }) => metadata.name === name);
    if (!found) throw new Error(`no Deployment ${name}`);
    const replica = pod(namespace, found.spec.template.metadata.labels, portsOf(found));
    return [replica, { ...replica }];
  };
  const aggregator = service('aggregator');
  return {
    aggregator,
    'auth-service': service('auth-service'),
    'events-service': service('events-service'),
    'dj-service': service('dj-service'),
    'venue-service': service('venue-service'),
    'ml-service': service('ml-service'),
    migrations: [pod(namespace, labelsOf('Job', 'database', objects))],
    training: [pod(namespace, labelsOf('CronJob', 'ml-training', objects))],
    alerts: [pod(namespace, labelsOf('CronJob', 'alerts', objects))],
    ingest: [pod(namespace, labelsOf('CronJob', 'ingest', objects))],
    probe: [pod(namespace, probeLabels())],
    nameless: [pod(namespace, { run: 'shell' }, { http: 8080, metrics: 9464 })],
    // https://github.com/k3s-io/k3s/blob/master/manifests/coredns.yaml
    dns: [pod('kube-system', { 'k8s-app': 'kube-dns' })],
    // https://github.com/traefik/traefik-helm-chart/blob/master/traefik/values.yaml
    traefik: [
      pod('kube-system', { 'app.kubernetes.io/name': 'traefik' }, { web: 8000, websecure: 8443 }),
    ],
    scraper: [pod('monitoring', { 'app.kubernetes.io/name': 'prometheus' })],
    neighbour: [pod('kube-system', { 'k8s-app': 'metrics-server' })],
    stranger: [
      pod('default', {}),
      pod('default', { 'app.kubernetes.io/name': 'traefik' }, { web: 8000, websecure: 8443 }),
      pod('default', { 'k8s-app': 'kube-dns' }),
    ],
    twin: [{ ...aggregator[0], namespace: `${namespace}-other` }],
    node: [{ is: 'node' }],
    database: addresses('10.0.12.7', '172.18.20.9', '192.168.1.20'),
    beside: addresses('10.83.0.1', '172.31.0.1'),
    internet: addresses('203.0.113.80'),
    six: addresses('2001:db8::80'),
    metadata: addresses('169.254.169.254'),
    special: addresses(
      '0.0.0.1',
      '100.64.1.1',
      '127.0.0.1',
      '169.254.20.10',
      '224.0.0.1',
      '255.255.255.255',
      'fd00:ec2::254',
    ),
  };
}

const pod = (
  namespace: string,
  labels: Labels,
  ports: Readonly<Record<string, number>> = {},
): PodEnd => ({ is: 'pod', namespace, labels, ports, address: '10.42.0.20' });

const addresses = (...all: readonly string[]): readonly AddressEnd[] =>
  all.map((address) => ({ is: 'address', address }));

const portsOf = (deployment: Deployment): Readonly<Record<string, number>> =>
  Object.fromEntries(
    (containerOf(deployment).ports ?? []).map(({ name = '', containerPort }) => [
      name,
      containerPort,
    ]),
  );

function labelsOf(kind: string, name: string, objects: readonly KubernetesObject[]): Labels {
  const job = objects.find((it) => it.kind === kind && it.metadata.name === name);
  return (job && podTemplateOf(job)?.metadata?.labels) ?? {};
}

/** As the pipeline itself makes them. */
function probeLabels(): Labels {
  const template = podTemplateOf(probeJob('probe-0', 'image', []) as KubernetesObject);
  return template?.metadata?.labels ?? {};
}
