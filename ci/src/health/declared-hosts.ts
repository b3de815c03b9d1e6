import type { KubernetesObject } from '../manifests/objects.ts';
import { type IngressHost, type IngressParts, ingressHosts } from './vantage-points.ts';

/** The hosts that manifests declare, and the service that each leads to. */
export function hostsOf(objects: readonly KubernetesObject[]): IngressHost[] {
  return objects
    .filter(({ kind }) => kind === 'Ingress')
    .flatMap((object) => {
      const { tls, rules = [] } = (object as { spec?: Partial<IngressParts> }).spec ?? {};
      const annotations = JSON.stringify(object.metadata.annotations ?? {});
      return ingressHosts({ annotations, tls, rules, address: '' });
    });
}

/**
 * The hosts to ask: as the release declares them, so that one which the cluster's Ingress has lost, or
 * leads to another service since, is seen; and those that the Ingress has besides.
 */
export function withDeclared(
  live: readonly IngressHost[],
  declared: readonly IngressHost[],
): IngressHost[] {
  const anyAddress = live.find(({ address }) => address !== '')?.address ?? '';
  const known = new Map(live.map((it) => [it.host, it]));
  const names = new Set(declared.map(({ host }) => host));
  return [
    ...declared.map((it) => ({ ...it, address: known.get(it.host)?.address || anyAddress })),
    ...live.filter(({ host }) => !names.has(host)),
  ];
}
