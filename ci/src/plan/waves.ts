import type { NewPods, Room } from './capacity.ts';
import { minus, type Resources } from './resources.ts';

export interface Packed {
  /** Services that roll together, wave after wave; the critical ones first. */
  readonly waves: readonly (readonly string[])[];
  /** Those for which there is no room even alone. */
  readonly stuck: readonly NewPods[];
  /** What is free when those that fit have rolled. */
  readonly left: readonly Room[];
}

/**
 * Packs rollouts into waves, so that the new pods of each fit beside all that runs: as many at once as
 * there is room for, the critical services before the others. When a wave has rolled, the pods whose
 * place it took have given theirs back.
 */
export function packWaves(rooms: readonly Room[], wanted: readonly NewPods[]): Packed {
  const waves: (readonly string[])[] = [];
  let left = rooms;
  let waiting = inOrder(wanted.filter(({ lasting, surge }) => lasting + surge > 0));
  while (waiting.length > 0) {
    const wave = firstWave(left, waiting);
    if (wave.length === 0) {
      const stuck = waiting.filter((it) => !place(left, it.requests, it.lasting + it.surge));
      return { waves, stuck, left };
    }
    waves.push(wave.map(({ service }) => service));
    for (const { requests, lasting } of wave) left = place(left, requests, lasting) ?? left;
    waiting = waiting.filter((it) => !wave.includes(it));
  }
  return { waves, stuck: [], left };
}

/** What of the waiting fits at once; no other service goes along while a critical one has to wait. */
function firstWave(rooms: readonly Room[], waiting: readonly NewPods[]): readonly NewPods[] {
  const wave: NewPods[] = [];
  let left = rooms;
  let criticalWaits = false;
  for (const it of waiting) {
    if (criticalWaits && !it.critical) break;
    const after = place(left, it.requests, it.lasting + it.surge);
    if (after) {
      wave.push(it);
      left = after;
    } else {
      criticalWaits ||= it.critical;
    }
  }
  return wave;
}

/** Takes room for that many pods; undefined if there is too little. */
function place(
  rooms: readonly Room[],
  requests: Resources,
  count: number,
): readonly Room[] | undefined {
  let left = rooms;
  for (let placed = 0; placed < count; placed += 1) {
    const index = left.findIndex(({ free }) => fits(requests, free));
    const room = left[index];
    if (!room) return undefined;
    left = left.with(index, { ...room, free: minus(room.free, requests) });
  }
  return left;
}

// A hundredth of a millicore, for sums of decimal fractions.
const tolerance = 1e-5;

const fits = (requests: Resources, free: Resources): boolean =>
  requests.cpu <= free.cpu + tolerance && requests.memory <= free.memory && free.pods >= 1;

const inOrder = (wanted: readonly NewPods[]): readonly NewPods[] =>
  wanted.toSorted(
    (a, b) =>
      Number(b.critical) - Number(a.critical) ||
      b.requests.memory - a.requests.memory ||
      (a.service < b.service ? -1 : 1),
  );
