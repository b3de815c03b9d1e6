import { PipelineError } from '../errors.ts';
import { cures } from '../rollout/verdict.ts';

const condition = '.status.conditions[?(@.type=="DiskPressure")]';

export const diskPressureFields = [
  `${condition}.status`,
  `${condition}.message`,
  `${condition}.lastTransitionTime`,
];

/** The nodes whose kubelets are short of disk, each with a sentence; `at` is the first of the fields above. */
export const underDiskPressure = (
  nodes: readonly (readonly string[])[],
  at: number,
): ReadonlyMap<string, string> =>
  new Map(
    nodes
      .filter((cells) => cells[at] === 'True')
      .map(([name = '', ...cells]) => {
        const [words = '', since = ''] = cells.slice(at);
        const says = words ? `: ${words}` : '';
        return [name, `${name} is short of disk since ${since}${says}`];
      }),
  );

export interface DiskPressure {
  /** Nodes that take pods. */
  readonly rooms: readonly unknown[];
  readonly shortOfDisk: ReadonlyMap<string, string>;
}

/** That no node takes a new pod, since those that there are are short of disk; undefined if one does. */
export function underPressure({ rooms, shortOfDisk }: DiskPressure): PipelineError | undefined {
  if (rooms.length > 0 || shortOfDisk.size === 0) return undefined;
  const what = [...shortOfDisk.values(), 'No node takes a new pod. Nothing was touched.'];
  return new PipelineError('NODE_PRESSURE', what.join('\n'), {
    ...(cures.NODE_FULL ? { cure: cures.NODE_FULL } : {}),
  });
}

/** Throws, before anything is touched, if no node takes a new pod for want of disk. */
export function refuseDiskPressure(nodes: DiskPressure): void {
  const pressure = underPressure(nodes);
  if (pressure) throw pressure;
}
