import { quantity } from '../plan/quantity.ts';
import type { Condition } from '../rollout/kubernetes.ts';
import type { Target } from '../target/target.ts';
import { json, list } from './list.ts';

export interface Node {
  readonly name: string;
  readonly ready: boolean;
  /** Conditions that it should not have, such as `MemoryPressure`. */
  readonly pressure: readonly string[];
  /** What its pods may use together. */
  readonly allocatable: { readonly cpu: number; readonly memory: number };
}

export async function readNodes(target: Target): Promise<readonly Node[]> {
  const fields = ['.metadata.name', '.status.conditions', '.status.allocatable'];
  return (await list(target, 'nodes', fields)).map(([name = '', conditions, allocatable]) => {
    const all = json<readonly Condition[]>(conditions) ?? [];
    const has = json<Readonly<Record<string, string>>>(allocatable) ?? {};
    return {
      name,
      ready: all.some((it) => it.type === 'Ready' && it.status === 'True'),
      pressure: all
        .filter((it) => it.type !== 'Ready' && it.status === 'True')
        .map((it) => it.type),
      allocatable: { cpu: quantity(has.cpu), memory: quantity(has.memory) },
    };
  });
}
