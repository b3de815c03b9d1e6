import { PipelineError } from '../errors.ts';
import type { KubernetesObject } from '../manifests/objects.ts';
import { type HandOver, handOver, keepCall } from '../replicas/hand-over.ts';
import type { Snapshot } from '../rollout/kubernetes.ts';
import { takeSnapshot } from '../rollout/snapshot.ts';
import { sendApply } from './apply.ts';
import type { RollOutOptions } from './roll-out.ts';

/** Times that replicas are handed over anew because somebody scaled in between. */
const attempts = 3;

/**
 * Sees to it that an apply of the objects lets no Deployment fall to 1, and gives back what is to be
 * applied. Nearly always that is the objects as they are, and nothing is asked or changed.
 */
export async function handOverReplicas(
  objects: readonly KubernetesObject[],
  before: Snapshot,
  options: RollOutOptions,
): Promise<readonly KubernetesObject[]> {
  const isAsSent = ({ keep, objects: sent }: HandOver) =>
    keep.length === 0 && sent.every((it, index) => it === objects[index]);
  if (isAsSent(handOver(objects, before.deployments))) return objects;
  for (let attempt = 1; ; attempt += 1) {
    // Before it there may have been a takeover, or a long wait for a wave.
    const { deployments } = await takeSnapshot(options.target);
    const { keep, objects: sent } = handOver(objects, deployments);
    if (keep.length === 0) return sent;
    try {
      await sendApply(keepCall(keep), options);
      return sent;
    } catch (error) {
      const isConflict = error instanceof PipelineError && /conflict/.test(error.what);
      if (!isConflict || attempt === attempts) throw error;
    }
  }
}
