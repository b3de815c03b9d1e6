import type { NetworkPolicy, Peer, PolicyPort } from './network-policy.ts';

export interface Weakened {
  readonly what: string;
  readonly policies: readonly NetworkPolicy[];
}

/** The same policies with one thing taken out of one of them, for each thing that there is. */
export function weakened(policies: readonly NetworkPolicy[]): readonly Weakened[] {
  return policies.flatMap((policy) =>
    variants(policy).map(({ what, changed }) => ({
      what: `${policy.metadata.name} without ${what}`,
      policies: policies.map((each) => (each === policy ? changed : each)),
    })),
  );
}

interface Variant {
  readonly what: string;
  readonly changed: NetworkPolicy;
}

// biome-ignore lint/suspicious/noExplicitAny: a draft is broken on purpose, at any depth.
type Draft = any;

function variants(policy: NetworkPolicy): readonly Variant[] {
  const found: Variant[] = [];
  const without = (what: string, take: (draft: Draft) => void): void => {
    const changed = structuredClone(policy);
    take(changed);
    found.push({ what, changed });
  };
  const eachOf = (list: readonly unknown[], what: string, at: (draft: Draft) => Draft[]): void => {
    for (const [index, item] of list.entries()) {
      without(`${what} ${JSON.stringify(item)}`, (draft) => at(draft).splice(index, 1));
    }
  };

  selectorVariants(policy.spec.podSelector, (draft) => draft.spec.podSelector, eachOf);
  for (const direction of ['ingress', 'egress'] as const) {
    const side = direction === 'ingress' ? 'from' : 'to';
    const rules = (policy.spec[direction] ?? []) as readonly Draft[];
    eachOf(rules, direction, (draft) => draft.spec[direction]);
    for (const [number, rule] of rules.entries()) {
      const at = (draft: Draft) => draft.spec[direction][number];
      const peers = rule[side] as readonly Peer[];
      eachOf(rule.ports as readonly PolicyPort[], 'port', (draft) => at(draft).ports);
      eachOf(peers, 'peer', (draft) => at(draft)[side]);
      for (const [index, peer] of peers.entries()) {
        const inPeer = (draft: Draft) => at(draft)[side][index];
        for (const kind of ['podSelector', 'namespaceSelector'] as const) {
          const selector = peer[kind];
          if (!selector) continue;
          if (Object.keys(peer).length > 1) without(kind, (draft) => delete inPeer(draft)[kind]);
          selectorVariants(selector, (draft) => inPeer(draft)[kind], eachOf);
        }
        eachOf(peer.ipBlock?.except ?? [], 'exception', (draft) => inPeer(draft).ipBlock.except);
      }
    }
  }
  return found;
}

function selectorVariants(
  selector: NonNullable<Peer['podSelector']>,
  at: (draft: Draft) => Draft,
  eachOf: (list: readonly unknown[], what: string, at: (draft: Draft) => Draft[]) => void,
): void {
  for (const [index, { values = [] }] of (selector.matchExpressions ?? []).entries()) {
    eachOf(values, 'value', (draft) => at(draft).matchExpressions[index].values);
  }
  eachOf(selector.matchExpressions ?? [], 'expression', (draft) => at(draft).matchExpressions);
}
