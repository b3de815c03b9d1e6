import type { KubernetesObject } from '../manifests/objects.ts';
import type { KubectlCall } from '../target/target.ts';
import { type ServingSet, servedBefore, type Takeover } from './takeover.ts';

/** Pods that served before may speak to whomever they spoke to, until they end. */
export const openToOldPods: KubernetesObject = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'takeover' },
  spec: {
    podSelector: { matchExpressions: [{ key: servedBefore, operator: 'Exists' }] },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{}],
    egress: [{}],
  },
};

export const closeToOldPods: KubectlCall = {
  args: ['delete', 'networkpolicy', 'takeover', '--ignore-not-found'],
};

type Labels = Readonly<Record<string, string | undefined>>;

/** Gives the pods labels, and those that take their place; takes away what is undefined. */
function label(set: ServingSet, labels: Labels): readonly KubectlCall[] {
  const entries = Object.entries(labels);
  const values = Object.fromEntries(entries.map(([key, value]) => [key, value ?? null]));
  const patch = { spec: { template: { metadata: { labels: values } } } };
  const pairs = entries.map(([key, value]) =>
    value === undefined ? `${key}-` : `${key}=${value}`,
  );
  const pods = `--selector=pod-template-hash=${set.hash}`;
  return [
    { args: ['patch', 'replicaset', set.name, '--type=merge', '-p', JSON.stringify(patch)] },
    { args: ['label', 'pods', pods, '--overwrite', ...pairs] },
  ];
}

/** The Services of the new pods select the old ones too. */
export const joinServices = ({ sets }: Takeover): readonly KubectlCall[] =>
  sets.flatMap((set) => label(set, set.added));

/** The new pods alone are selected, and the old ones go on with what they have begun. */
export const leaveServices = (
  { sets }: Takeover,
  selectorOf: (deployment: string) => Labels,
): readonly KubectlCall[] =>
  sets.flatMap((set) => {
    const keys = Object.keys(selectorOf(set.deployment)).filter((key) => key in set.added);
    return keys.length > 0 ? label(set, without(keys)) : [];
  });

/** Old pods and ReplicaSets as they were. */
export const withoutLabels = ({ sets }: Takeover): readonly KubectlCall[] =>
  sets.flatMap((set) => label(set, without(Object.keys(set.added))));

const without = (keys: readonly string[]): Labels =>
  Object.fromEntries(keys.map((key) => [key, undefined]));

/** Asks which ReplicaSets have no owner: a Deployment may have taken one back. */
export const orphansCall: KubectlCall = {
  args: [
    ...['get', 'replicasets', '-o'],
    'jsonpath={range .items[*]}{.metadata.name} {.metadata.ownerReferences[0].uid}{"\\n"}{end}',
  ],
};

/** Ends the old pods that no Deployment has taken back. */
export function endOldPods({ sets }: Takeover, orphans: string): readonly KubectlCall[] {
  const ownerless = new Set(
    orphans
      .split('\n')
      .map((line) => line.split(' '))
      .flatMap(([name = '', owner = '']) => (owner === '' ? [name] : [])),
  );
  const names = sets.map(({ name }) => name).filter((name) => ownerless.has(name));
  if (names.length === 0) return [];
  return [{ args: ['delete', 'replicaset', '--ignore-not-found', '--wait=false', ...names] }];
}
