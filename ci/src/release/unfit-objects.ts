import { PipelineError } from '../errors.ts';
import type { KubernetesObject } from '../manifests/objects.ts';
import { lookUpCalls, readLookUps, textsOf } from '../plan/cluster-state.ts';
import { pausedOnes, terminatingOnes } from '../plan/obstacles.ts';
import type { KubectlCall, KubectlOutput, Target } from '../target/target.ts';
import type { Tried } from './trial.ts';

const columns = [
  '--output=custom-columns=D:.metadata.deletionTimestamp,P:.spec.paused',
  '--no-headers',
];

/** Ask whether one of the objects is paused or being deleted; of all the others nothing is sent. */
export const fitnessCalls = (objects: readonly KubernetesObject[]): readonly KubectlCall[] =>
  lookUpCalls(objects, columns);

/** As good as what `fitnessCalls` print, of a trial of all objects. */
export const fitnessOf = (
  objects: readonly KubernetesObject[],
  tried: readonly Tried[],
): readonly KubectlOutput[] => {
  const unfit = tried.some(({ deleting, paused }) => deleting || paused);
  return fitnessCalls(objects).map((_, index) => ({
    exitCode: 0,
    stdout: unfit && index === 0 ? '<none> true' : '',
    stderr: '',
  }));
};

/** Throws, as `plan` says it, if an apply would be taken and come to nothing. */
export async function refuseUnfit(
  target: Target,
  objects: readonly KubernetesObject[],
  outputs: readonly KubectlOutput[],
): Promise<void> {
  const lines = textsOf(target, outputs).flatMap((text) => text.split('\n'));
  if (!lines.some((line) => /^\d{4}-|\btrue\s*$/.test(line))) return;
  const live = readLookUps(target, await target.kubectl(lookUpCalls(objects)));
  const [first, ...others] = [
    ...pausedOnes(objects, { live }),
    ...terminatingOnes(objects, { live }),
  ];
  if (!first) return;
  throw new PipelineError(
    first.code as 'PAUSED' | 'TERMINATING',
    [first, ...others].map((it) => it.message).join('\n'),
  );
}
