import type { Room } from './capacity.ts';
import { quantity } from './quantity.ts';
import { minus, type Resources, requestsOf } from './resources.ts';
import { type Usage, usageUnknown } from './usage.ts';

type Cells = readonly string[];

export const nodeFields = [
  '.metadata.name',
  '.spec.unschedulable',
  '.spec.taints',
  '.status.allocatable',
];

export const podFields = [
  '.metadata.namespace',
  '.metadata.name',
  '.spec.nodeName',
  '.status.phase',
  '.spec.containers[*].resources',
  // The others have ended when a pod runs.
  '.spec.initContainers[?(@.restartPolicy=="Always")].resources',
  '.metadata.ownerReferences[0].kind',
];

/** Pods that stay until somebody ends them: all but those of Jobs. */
export const lastingPods = (pods: readonly Cells[]): readonly Cells[] =>
  pods.filter((cells) => cells[podFields.length - 1] !== 'Job');

/**
 * What is left of each node that takes pods; nodes and pods by the fields above. A pod takes what it
 * asked for, or the memory that it uses if that is more, and no node has more left than its kubelet says.
 */
export function roomOn(
  nodes: readonly Cells[],
  pods: readonly Cells[],
  usage: Usage = usageUnknown,
): readonly Room[] {
  const rooms = new Map<string, Resources>();
  for (const [name = '', unschedulable, taints = '', allocatable] of nodes) {
    if (unschedulable === 'true' || keepsPodsAway(JSON.parse(taints || '[]'))) continue;
    const { cpu, memory, pods: places } = JSON.parse(allocatable || '{}');
    rooms.set(name, { cpu: quantity(cpu), memory: quantity(memory), pods: Number(places) });
  }
  for (const [place, name, node = '', phase, containers, sidecars] of pods) {
    const free = rooms.get(node);
    if (!free || phase === 'Succeeded' || phase === 'Failed') continue;
    const lasting = [...readResources(containers), ...readResources(sidecars)];
    const asked = requestsOf({ containers: lasting });
    rooms.set(node, minus(free, atLeast(asked, usage.pods.get(`${place}/${name}`))));
  }
  return [...rooms].map(([node, free]) => {
    const memory = Math.min(free.memory, usage.available.get(node) ?? free.memory);
    return { node, free: { ...free, memory } };
  });
}

/** The same, with the memory that is used in place of what was asked for if that is more. */
export const atLeast = (asked: Resources, used = 0): Resources => ({
  ...asked,
  memory: Math.max(asked.memory, used),
});

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
