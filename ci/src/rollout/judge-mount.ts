import { judgeStart } from './judge-start.ts';
import type { Pod, Warning } from './kubernetes.ts';
import type { Verdict } from './verdict.ts';

type Mount = Pick<Verdict, 'state' | 'code' | 'message'>;

const reasons = /^Failed(?:Mount|AttachVolume|MapVolume|CreatePodSandBox|CreatePodContainer|Sync)$/;

/**
 * Says why a pod's containers cannot even be created: its volumes and its network come first, and
 * only warnings tell of them. They hold as long as the pod has no network of its own.
 */
export function judgeMount(pod: Pod, warnings: readonly Warning[]): Mount | undefined {
  if (pod.status.podIP || hasSandbox(pod)) return undefined;
  const newest = warnings
    .filter((it) => it.object === `Pod/${pod.name}` && reasons.test(it.reason))
    .toSorted((a, b) => (a.lastSeen + a.message < b.lastSeen + b.message ? 1 : -1))[0];
  return newest && judgeMountWarning(newest.reason, newest.message);
}

export function judgeMountWarning(reason: string, message: string): Mount {
  if (reason === 'FailedCreatePodSandBox' || reason === 'FailedCreatePodContainer') {
    return { state: 'waiting', code: 'NODE_TROUBLE', message };
  }
  const start = judgeStart(message);
  if (start.code !== 'CANNOT_START' && start.code !== 'IMAGE_WRONG_PLATFORM') return start;
  return { state: 'waiting', code: 'VOLUME_NOT_MOUNTED', message };
}

const hasSandbox = ({ status }: Pod): boolean =>
  status.conditions?.some(
    (it) => it.type === 'PodReadyToStartContainers' && it.status === 'True',
  ) ?? false;
