import { PipelineError } from '../errors.ts';
import {
  type KubernetesObject,
  objectKey,
  objectName,
  resourceName,
} from '../manifests/objects.ts';
import { podTemplateOf } from '../manifests/pod-template.ts';
import type { SelectorChange } from '../plan/selector-change.ts';

/** A ReplicaSet as a takeover needs it. */
export interface FoundSet {
  readonly name: string;
  readonly ownerUid: string;
  readonly replicas: number;
  /** Of its pods. */
  readonly labels: Readonly<Record<string, string>>;
}

/** A ReplicaSet that goes on serving while its Deployment is replaced. */
export interface ServingSet {
  readonly name: string;
  readonly deployment: string;
  /** What tells its pods from all others. */
  readonly hash: string;
  /** Labels that its pods are given, so that what selects the new pods selects these too. */
  readonly added: Readonly<Record<string, string>>;
}

/** What a takeover found, by which it can be undone and gone on with. */
export interface Takeover {
  /** The objects as they were. */
  readonly found: readonly KubernetesObject[];
  /** Names, as kubectl takes them, of the objects that were not there. */
  readonly made: readonly string[];
  /** Deployments that are replaced. */
  readonly replaced: readonly string[];
  readonly sets: readonly ServingSet[];
}

/** Marks the pods that served before a takeover. */
export const servedBefore = 'whatsthecraic.run.place/served-before';

const hashLabel = 'pod-template-hash';

/** Throws if the new Services could not select the pods that serve now. */
export function planTakeover(
  objects: readonly KubernetesObject[],
  live: ReadonlyMap<string, KubernetesObject>,
  changes: readonly SelectorChange[],
  sets: readonly FoundSet[],
): Takeover {
  return {
    found: objects.flatMap((it) => {
      const there = live.get(objectKey(it));
      return there ? [asFound(there)] : [];
    }),
    made: objects.filter((it) => !live.has(objectKey(it))).map(resourceName),
    replaced: changes.map((it) => it.rendered.metadata.name),
    sets: changes.flatMap((change) =>
      sets
        .filter((it) => it.ownerUid === uidOf(change.live) && it.replicas > 0)
        .map((set) => servingSet(change.rendered, set, selectedBy(objects, change.rendered))),
    ),
  };
}

function servingSet(
  rendered: KubernetesObject,
  { name, labels }: FoundSet,
  needed: Readonly<Record<string, string>>,
): ServingSet {
  const wanted = { ...podTemplateOf(rendered)?.metadata?.labels, ...needed };
  const clash = Object.entries(needed).find(([key, value]) => (labels[key] ?? value) !== value);
  if (clash) {
    throw new PipelineError(
      'ADOPTION_FAILED',
      `${objectName(rendered)} cannot be taken over without a gap: its Service is to select ${clash.join('=')}, and the pods that serve bear ${clash[0]}=${labels[clash[0]]}.`,
      { cure: 'Choose another label for the selectors in k8s/base.' },
    );
  }
  const added = Object.entries(wanted).filter(([key]) => labels[key] === undefined);
  const deployment = rendered.metadata.name;
  return {
    ...{ name, deployment, hash: labels[hashLabel] ?? '' },
    added: { ...Object.fromEntries(added), [servedBefore]: deployment },
  };
}

/** Labels by which Services select the pods of a Deployment. */
export function selectedBy(
  objects: readonly KubernetesObject[],
  deployment: KubernetesObject,
): Readonly<Record<string, string>> {
  const labels = podTemplateOf(deployment)?.metadata?.labels ?? {};
  const selectors = objects
    .filter(({ kind }) => kind === 'Service')
    .map(({ spec }) => (spec as { selector?: Record<string, string> }).selector ?? {})
    .filter((it) => Object.keys(it).length > 0)
    .filter((it) => Object.entries(it).every(([key, value]) => labels[key] === value));
  return Object.assign({}, ...selectors);
}

/** As it would be made again: without what the server alone writes. */
function asFound({ status: _, ...object }: KubernetesObject): KubernetesObject {
  const { resourceVersion, uid, creationTimestamp, generation, ...metadata } =
    object.metadata as unknown as Record<string, unknown> & KubernetesObject['metadata'];
  return { ...object, metadata };
}

const uidOf = ({ metadata }: KubernetesObject): string => (metadata as { uid?: string }).uid ?? '';
