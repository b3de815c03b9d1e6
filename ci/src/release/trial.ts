import type { KubernetesObject } from '../manifests/objects.ts';
import { applyCall, fieldManager, requireSize } from '../manifests/payload.ts';
import { jsonPath, records } from '../target/printed.ts';
import type { KubectlCall, KubectlOutput } from '../target/target.ts';

/** An object as the server would leave it. */
export interface Tried {
  /** Whether somebody deletes it, and a finalizer holds it. */
  readonly deleting: boolean;
  readonly paused: boolean;
  /** Whether this apply would be what set our fields last. */
  readonly touched: boolean;
}

const fields = [
  '.metadata.deletionTimestamp',
  '.spec.paused',
  '.metadata.creationTimestamp',
  `.metadata.managedFields[?(@.manager=="${fieldManager}")].time`,
];

/**
 * Ask the server what it says to an apply of the objects. Two calls, since each asks for one object after
 * the other. Both begin with an object that is not there, which tells the server's own time.
 */
export function trialCalls(
  objects: readonly KubernetesObject[],
  { release, adopt }: { readonly release: string; readonly adopt: boolean },
): readonly KubectlCall[] {
  const newcomer = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: `trial-${release}` },
  };
  // What both carry has to be one text when it is applied.
  requireSize(objects);
  const half = Math.ceil(objects.length / 2);
  return [objects.slice(0, half), objects.slice(half)].map((some) => {
    const call = applyCall([newcomer, ...some], { dryRun: true, force: adopt });
    return { ...call, args: [...call.args, '--output', jsonPath(fields)] };
  });
}

/** Reads what `trialCalls` made kubectl print; undefined if the server would not take all of the objects. */
export function readTrial(outputs: readonly KubectlOutput[]): readonly Tried[] | undefined {
  if (outputs.some(({ exitCode }) => exitCode !== 0)) return undefined;
  return outputs.flatMap(({ stdout }) => {
    const [newcomer, ...others] = records(stdout);
    const now = newcomer?.[2] ?? '';
    return others.map((cells) => toTried(cells, now));
  });
}

/** Milliseconds of which a time counts as now: such times are whole seconds, perhaps of several clocks. */
const marginMs = 5_000;

function toTried(cells: readonly string[], now: string): Tried {
  const [deleted = '', paused, , times = ''] = cells;
  const last = times.split(' ').toSorted().at(-1) ?? '';
  return {
    ...{ deleting: deleted !== '', paused: paused === 'true' },
    // An apply that changes no value of an object leaves it the time of the one before.
    touched: !(Date.parse(now) - Date.parse(last) >= marginMs),
  };
}

/** Whether the apply would leave all of the objects as they are. */
export const changesNothing = (
  objects: readonly KubernetesObject[],
  tried: readonly Tried[],
): boolean => tried.length === objects.length && !tried.some(({ touched }) => touched);
