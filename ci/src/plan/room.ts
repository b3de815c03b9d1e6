import type { Room } from './capacity.ts';
import { quantity } from './quantity.ts';
import { minus, type Resources, requestsOf } from './resources.ts';

type Cells = readonly string[];

/** What is left of each node that takes pods: nodes and pods as `readCluster` asks for them. */
export function roomOn(nodes: readonly Cells[], pods: readonly Cells[]): readonly Room[] {
  const rooms = new Map<string, Resources>();
  for (const [name = '', unschedulable, taints = '', allocatable] of nodes) {
    if (unschedulable === 'true' || keepsPodsAway(JSON.parse(taints || '[]'))) continue;
    const { cpu, memory, pods: places } = JSON.parse(allocatable || '{}');
    rooms.set(name, { cpu: quantity(cpu), memory: quantity(memory), pods: Number(places) });
  }
  for (const [, node = '', phase, containers, sidecars] of pods) {
    const free = rooms.get(node);
    if (!free || phase === 'Succeeded' || phase === 'Failed') continue;
    const lasting = [...readResources(containers), ...readResources(sidecars)];
    rooms.set(node, minus(free, requestsOf({ containers: lasting })));
  }
  return [...rooms].map(([node, free]) => ({ node, free }));
}

/** Pods of ours tolerate nothing. A node that has just started is not ready for a moment. */
const keepsPodsAway = (taints: readonly { key: string; effect: string }[]): boolean =>
  taints.some(
    ({ key, effect }) => effect !== 'PreferNoSchedule' && key !== 'node.kubernetes.io/not-ready',
  );

/** jsonpath prints one JSON object for each container, with blanks between them and nowhere else. */
const readResources = (text: string | undefined) =>
  (text ?? '')
    .split(' ')
    .filter(Boolean)
    .map((it) => ({ resources: JSON.parse(it) }));
