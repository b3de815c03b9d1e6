import type { KubernetesObject } from '../../../ci/src/manifests/objects.ts';
import { ofKind } from '../helpers/objects.ts';

/** What must hold of an object, by the name under which a waiver would list it. */
export interface Rule {
  readonly name: string;
  /** The objects that the rule speaks of. */
  readonly of: (all: readonly KubernetesObject[]) => readonly KubernetesObject[];
  readonly holds: (object: KubernetesObject, all: readonly KubernetesObject[]) => boolean;
  /** Makes an object, or what it refers to, break the rule: the proof that the rule can see it. */
  readonly breakIt: (object: Draft, all: Draft[]) => void;
}

// biome-ignore lint/suspicious/noExplicitAny: a draft is broken on purpose, at any depth.
export type Draft = any;

type KindMap = {
  [Kind in Parameters<typeof ofKind>[1]]: ReturnType<typeof ofKind<Kind>>[number];
};

/** A rule about all objects of one kind. */
export function rule<Kind extends keyof KindMap>(
  kind: Kind,
  name: string,
  holds: (object: KindMap[Kind], all: readonly KubernetesObject[]) => boolean,
  breakIt: (object: Draft, all: Draft[]) => void,
): Rule {
  return {
    name,
    of: (all) => ofKind(all, kind),
    holds: (object, all) => holds(object as KindMap[Kind], all),
    breakIt,
  };
}
