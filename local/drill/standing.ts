import type { KubernetesObject } from '../../ci/src/manifests/objects.ts';
import { namespace } from '../../ci/src/namespace.ts';
import type { Admin } from '../admin.ts';

/**
 * What a release applies or needs, and a drill may change. Records of releases come and go, and so do
 * the Jobs of releases and of the clock.
 */
const kinds = [
  ...['deployments', 'services', 'secrets', 'serviceaccounts', 'networkpolicies', 'cronjobs'],
  ...['horizontalpodautoscalers', 'resourcequotas', 'limitranges'],
].join(',');

/** What each object says, by kind and name; without what the cluster and each release write by themselves. */
export type Standing = ReadonlyMap<string, string>;

interface Live extends KubernetesObject {
  readonly status?: {
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
    readonly observedGeneration?: number;
  };
}

/** Reads what stands; undefined while a Deployment is not all new and ready. */
export async function readStanding(admin: Admin): Promise<Standing | undefined> {
  const printed = await admin(['get', kinds, `--namespace=${namespace}`, '-o', 'json']);
  const { items } = JSON.parse(printed) as { items: readonly Live[] };
  if (!items.every((it) => it.kind !== 'Deployment' || isWhole(it))) return undefined;
  return new Map(
    items.map(({ kind, metadata, apiVersion: _version, status: _status, ...says }) => [
      `${kind}/${metadata.name}`,
      JSON.stringify(says),
    ]),
  );
}

/** Names of what differs, but for one Deployment that may. */
export function differences(before: Standing, now: Standing, changed?: string): readonly string[] {
  return [...new Set([...before.keys(), ...now.keys()])].filter(
    (name) => name !== `Deployment/${changed}` && before.get(name) !== now.get(name),
  );
}

function isWhole({ spec, metadata, status = {} }: Live): boolean {
  const { replicas } = spec as { readonly replicas: number };
  const { generation } = metadata as { readonly generation?: number };
  return (
    status.observedGeneration === generation &&
    [status.replicas, status.readyReplicas, status.updatedReplicas].every((it) => it === replicas)
  );
}
