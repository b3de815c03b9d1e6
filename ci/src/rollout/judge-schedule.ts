import type { Verdict } from './verdict.ts';

type Schedule = Pick<Verdict, 'state' | 'code'>;

/** The node's own taints come and go with its state; those of people stay. */
const pressure =
  /node\.kubernetes\.io\/(?:disk-pressure|memory-pressure|pid-pressure|not-ready|unreachable|network-unavailable)|NodeUnder(?:Memory|Disk|PID)Pressure|NodeNotReady|NodeOutOfDisk|cloudprovider\.kubernetes\.io\/uninitialized/;
const room = /Insufficient \S+|Too many pods/i;
const volume =
  /PersistentVolumeClaim|persistent volume|volume node affinity|volume limits|max volume count/i;

/** Says why the scheduler finds no node for a pod, by its counts of reasons. */
export function judgeSchedule(message: string): Schedule {
  // Some other pod is about to be thrown out for it.
  if (/found a potential placement/.test(message)) return { state: 'waiting', code: 'NO_ROOM' };
  if (pressure.test(message)) return { state: 'waiting', code: 'NODE_PRESSURE' };
  if (room.test(message)) return { state: 'suspect', code: 'NO_ROOM' };
  if (volume.test(message)) return { state: 'suspect', code: 'VOLUME_UNBOUND' };
  return { state: 'suspect', code: 'NO_NODE_FITS' };
}
