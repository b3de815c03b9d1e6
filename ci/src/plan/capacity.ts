import type { Finding } from './finding.ts';
import type { Resources } from './resources.ts';
import { packWaves } from './waves.ts';

/** A node that takes new pods, with what is left of it for them. */
export interface Room {
  readonly node: string;
  readonly free: Resources;
}

/** The pods that a deploy makes for one service. */
export interface NewPods {
  readonly service: string;
  readonly critical: boolean;
  /** What one of them counts for: its requests, or the memory that its predecessor uses if that is more. */
  readonly requests: Resources;
  /** Pods that stay beside all there are now. */
  readonly lasting: number;
  /** Pods that take the place of others, which end after them. */
  readonly surge: number;
}

export interface Capacity {
  readonly obstacles: readonly Finding[];
  /** Services that roll together, wave after wave. */
  readonly waves: readonly (readonly string[])[];
}

/**
 * Whether the nodes have room for the pods that a deploy makes, and in which waves. One that fits
 * nowhere by itself would wait for ever, since no old pod ends before it.
 */
export function judgeCapacity(
  rooms: readonly Room[],
  wanted: readonly NewPods[],
  adopt = false,
): Capacity {
  const { waves, stuck, left } = packWaves(rooms, wanted);
  const obstacles = stuck.map((it) => ({
    code: 'NO_ROOM',
    message: `${noRoom(it, left)}\n${roomCure(adopt)}`,
  }));
  return { waves, obstacles };
}

/** What to do about it; with `--adopt` the old pods go on until the new ones are proven. */
export const roomCure = (adopt = false): string =>
  adopt
    ? 'What is taken over goes on until all new pods are proven: free as much on the node, or lower the requests in k8s/base.'
    : 'Free it on the node, or lower the requests in k8s/base.';

/** That a service's new pods fit nowhere. */
export function noRoom(
  { service, requests, lasting, surge }: NewPods,
  left: readonly Room[],
): string {
  const count = lasting + surge;
  const what = count > 1 ? `its ${count} new pods` : 'its new pod';
  const beside = surge > 0 ? ' beside the old' : '';
  const each = count > 1 ? 'each counts' : 'it counts';
  const free = left.map((it) => `${it.node} has ${text(it.free)} left`).join(', ');
  return `${service}: no node has room for ${what}${beside}: ${each} for ${text(requests)}, ${free || 'and no node takes pods'}.`;
}

const text = ({ cpu, memory }: { cpu: number; memory: number }): string =>
  `${Math.round(cpu * 1_000)}m CPU and ${Math.floor(memory / 2 ** 20)}Mi`;
