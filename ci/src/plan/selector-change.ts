import { isDeepStrictEqual } from 'node:util';
import { type KubernetesObject, objectKey } from '../manifests/objects.ts';

/** A Deployment whose selector the manifests want otherwise, which Kubernetes never allows. */
export interface SelectorChange {
  readonly rendered: KubernetesObject;
  readonly live: KubernetesObject;
  readonly from: string;
  readonly to: string;
}

export interface Selector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly unknown[];
}

/** https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#label-selector-updates */
export function selectorChanges(
  objects: readonly KubernetesObject[],
  { live }: { readonly live: ReadonlyMap<string, KubernetesObject> },
): readonly SelectorChange[] {
  return objects
    .filter(({ kind }) => kind === 'Deployment')
    .flatMap((rendered) => {
      const there = live.get(objectKey(rendered));
      if (!there || isDeepStrictEqual(selectorOf(there), selectorOf(rendered))) return [];
      const [from, to] = [printSelector(there), printSelector(rendered)];
      return [{ rendered, live: there, from, to }];
    });
}

export const selectorOf = ({ spec }: KubernetesObject): Selector =>
  (spec as { selector?: Selector } | undefined)?.selector ?? {};

/** As kubectl's `--selector` takes it. */
function printSelector(object: KubernetesObject): string {
  const { matchLabels = {}, matchExpressions = [] } = selectorOf(object);
  const pairs = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`);
  return [...pairs.toSorted(), ...matchExpressions.map((it) => JSON.stringify(it))].join(',');
}
