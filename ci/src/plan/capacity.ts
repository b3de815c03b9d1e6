import type { Finding } from './finding.ts';
import { minus, type Resources } from './resources.ts';

/** A node that takes new pods, with what is left of it for their requests. */
export interface Room {
  readonly node: string;
  readonly free: Resources;
}

/** The pods that a deploy makes for one service. */
export interface NewPods {
  readonly service: string;
  readonly requests: Resources;
  /** Pods that stay beside all there are now. */
  readonly lasting: number;
  /** Pods that take the place of others, which end after them. */
  readonly surge: number;
}

export interface Capacity {
  readonly obstacles: readonly Finding[];
  readonly warnings: readonly Finding[];
}

// A hundredth of a millicore, for sums of decimal fractions.
const tolerance = 1e-5;

/**
 * Whether the nodes have room for the pods that a deploy makes. A pod that takes another's place may
 * wait for its turn; one that fits nowhere by itself waits for ever, since no old pod ends before it.
 */
export function judgeCapacity(rooms: readonly Room[], wanted: readonly NewPods[]): Capacity {
  const left = rooms.map((room) => ({ ...room }));
  const obstacles: Finding[] = [];
  for (const { service, requests, lasting } of largestFirst(wanted)) {
    if (place(left, requests, lasting)) continue;
    const pods = lasting === 1 ? 'its new pod' : `its ${lasting} new pods`;
    obstacles.push(noRoom(service, `the nodes have no room for ${pods}`, requests, left));
  }
  const rolling = largestFirst(wanted).filter(({ surge }) => surge > 0);
  const stuck = rolling.filter(({ requests }) => !left.some(({ free }) => fits(requests, free)));
  for (const { service, requests } of stuck) {
    obstacles.push(
      noRoom(service, 'no node has room for a new pod beside the old one', requests, left),
    );
  }
  const waiting = rolling
    .filter((it) => !stuck.includes(it) && !place(left, it.requests, it.surge))
    .map((it) => it.service);
  if (waiting.length === 0) return { obstacles, warnings: [] };
  const message = `Not all new pods fit at once: ${waiting.toSorted().join(', ')} will wait until others have rolled.`;
  return { obstacles, warnings: [{ code: 'ROOM_SCARCE', message }] };
}

/** Takes room for that many pods from the nodes; false, with some of it taken, if there is too little. */
function place(left: { node: string; free: Resources }[], requests: Resources, count: number) {
  for (let placed = 0; placed < count; placed += 1) {
    const room = left.find(({ free }) => fits(requests, free));
    if (!room) return false;
    room.free = minus(room.free, requests);
  }
  return true;
}

const fits = (requests: Resources, free: Resources): boolean =>
  requests.cpu <= free.cpu + tolerance && requests.memory <= free.memory && free.pods >= 1;

const largestFirst = (wanted: readonly NewPods[]): NewPods[] =>
  wanted.toSorted(
    (a, b) => b.requests.memory - a.requests.memory || (a.service < b.service ? -1 : 1),
  );

function noRoom(
  service: string,
  what: string,
  { cpu, memory }: Resources,
  left: readonly Room[],
): Finding {
  const free = left.map((it) => `${it.node} has ${text(it.free)} left`).join(', ');
  const message = `${service}: ${what}: it asks for ${text({ cpu, memory })}, ${free || 'and no node takes pods'}.`;
  const cure = 'Free it on the node, or lower the requests in k8s/base.';
  return { code: 'NO_ROOM', message: `${message}\n${cure}` };
}

const text = ({ cpu, memory }: { cpu: number; memory: number }): string =>
  `${Math.round(cpu * 1_000)}m CPU and ${Math.floor(memory / 2 ** 20)}Mi`;
