import { PipelineError } from '../errors.ts';
import type { Snapshot } from '../rollout/kubernetes.ts';
import { podsOf } from '../rollout/pods-of.ts';
import type { Service } from '../services.ts';
import { groups, jsonPathOf, records, saidBy, type Wanted } from '../target/printed.ts';
import type { Probe, Target } from '../target/target.ts';

/** A Service of Kubernetes, or a host of an Ingress, as far as probes need it. */
export interface Endpoints {
  /** Address of each Service by name. */
  readonly clusterIps: ReadonlyMap<string, string>;
  readonly hosts: readonly IngressHost[];
}

export interface IngressHost {
  readonly host: string;
  readonly service: string;
  readonly tls: boolean;
  /** Where the ingress controller listens; empty if none took the Ingress. */
  readonly address: string;
}

/** How often each Service is asked at once: fresh connections, which kube-proxy spreads over pods. */
const askedEach = 3;

const fields = [
  '.kind',
  '.metadata.name',
  '.spec.clusterIP',
  '.spec.tls',
  '.metadata.annotations',
  '.status.loadBalancer',
  '.spec.rules',
];

/** Which kinds tell where the platform can be asked, and what of them. */
export const endpointKinds = ['services', 'ingresses'] as const;
export const endpointsWanted: readonly Wanted[] = [
  ['?(@.kind=="Service")', fields],
  ['?(@.kind=="Ingress")', fields],
];

/** Asks where the platform can be asked. */
export async function findEndpoints(target: Target): Promise<Endpoints> {
  const path = jsonPathOf(...endpointsWanted);
  const [output] = await target.kubectl([{ args: ['get', endpointKinds.join(), '-o', path] }]);
  if (output?.exitCode === 0) return parseEndpoints(groups(output.stdout));
  // Without them fewer places would be asked, and nobody would know.
  throw new PipelineError(
    'CLUSTER_UNREACHABLE',
    `Services and Ingresses cannot be read on ${target.description}: ${saidBy(output)}`,
  );
}

interface IngressRule {
  readonly host?: string;
  readonly http?: {
    readonly paths?: readonly {
      readonly backend?: { readonly service?: { readonly name?: string } };
    }[];
  };
}

/** What tells the hosts of one Ingress. */
export interface IngressParts {
  /** As JSON. */
  readonly annotations: string;
  readonly tls?: unknown;
  readonly rules: readonly IngressRule[];
  readonly address: string;
}

/** The hosts of one Ingress whose rules lead to a service. */
export function ingressHosts({ annotations, tls, rules, address }: IngressParts): IngressHost[] {
  const secure = Boolean(tls) || /router\.entrypoints"?:"?websecure/.test(annotations);
  return rules.flatMap(({ host, http }) => {
    const service = http?.paths?.[0]?.backend?.service?.name;
    return host && service ? [{ host, service, tls: secure, address }] : [];
  });
}

/**
 * Reads the groups that `endpointsWanted` asked for. One entry a host; where a host is there with and
 * without TLS, the one with TLS counts.
 */
export function parseEndpoints(printed: readonly string[]): Endpoints {
  const clusterIps = new Map<string, string>();
  const hosts = new Map<string, IngressHost>();
  for (const cells of printed.flatMap(records)) {
    const [kind, name = '', clusterIp = '', tls, annotations = '', balancer = '', rules] = cells;
    if (kind === 'Service') clusterIps.set(name, clusterIp);
    if (kind !== 'Ingress') continue;
    const address = /"(?:ip|hostname)":"([^"]+)"/.exec(balancer)?.[1] ?? '';
    const parts = { annotations, tls, rules: JSON.parse(rules || '[]'), address };
    for (const found of ingressHosts(parts)) {
      if (hosts.get(found.host)?.tls && !found.tls) continue;
      hosts.set(found.host, found);
    }
  }
  return { clusterIps, hosts: [...hosts.values()] };
}

/** Every place from which a service must answer: each of its pods, its Service, its ingress hosts. */
export function probesFor(service: Service, snapshot: Snapshot, endpoints: Endpoints): Probe[] {
  const { name, port } = service;
  const deployment = snapshot.deployments.find((candidate) => candidate.name === name);
  const pods = deployment ? podsOf(deployment, snapshot) : { newPods: [], oldPods: [] };
  const clusterIp = endpoints.clusterIps.get(name);
  const fromService: Probe[] = clusterIp
    ? Array.from({ length: askedEach }, () => ({
        via: 'service' as const,
        service: name,
        port,
        address: clusterIp,
      }))
    : [];
  return [
    ...[...pods.newPods, ...pods.oldPods].map((pod) => ({
      via: 'pod' as const,
      service: name,
      pod: pod.name,
      port,
      address: pod.status.podIP ?? '',
    })),
    ...fromService,
    ...endpoints.hosts
      .filter((host) => host.service === name)
      .map(({ host, tls, address }) => ({
        via: 'ingress' as const,
        service: name,
        host,
        tls,
        address: address || '127.0.0.1',
      })),
  ];
}
