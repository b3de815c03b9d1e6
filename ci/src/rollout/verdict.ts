/** Why a service's rollout cannot succeed, or what it still waits for. */
export type VerdictCode =
  | 'READY'
  | 'NOT_DEPLOYED'
  | 'NOT_OBSERVED'
  | 'ROLLING'
  | 'OLD_PODS_REMAIN'
  | 'PAUSED'
  | 'POD_REFUSED'
  | 'NO_ROOM'
  | 'IMAGE_NOT_FOUND'
  | 'IMAGE_DENIED'
  | 'IMAGE_PULL_FAILED'
  | 'CONFIG_MISSING'
  | 'CANNOT_START'
  | 'OUT_OF_MEMORY'
  | 'CRASHED'
  | 'NOT_READY'
  | 'TIMED_OUT';

/** What one look at a service's rollout says. */
export interface Verdict {
  readonly service: string;
  readonly code: VerdictCode;
  /**
   * `failed` is certain and needs no more waiting; `suspect` fails if it stays so for a while, and
   * may heal; `waiting` is the ordinary course.
   */
  readonly state: 'ready' | 'waiting' | 'suspect' | 'failed';
  /** A sentence for people. */
  readonly message: string;
  /** The pod that shows it, if one does. */
  readonly pod?: string;
  /** The container of that pod that shows it. */
  readonly container?: string;
  readonly exitCode?: number;
  /** Whether the pod's previous container, not its present one, holds the log that tells why. */
  readonly previousLog?: boolean;
}

/** What to do about a failure. */
export const cures: Partial<Record<VerdictCode, string>> = {
  NOT_DEPLOYED: 'Deploy it: there is no Deployment of that name in the namespace.',
  PAUSED: 'Run `kubectl rollout resume` on the Deployment, then deploy again.',
  POD_REFUSED: 'Raise the ResourceQuota or mend the admission webhook that the message names.',
  NO_ROOM: 'Free what the message names on the node, or lower the requests in k8s/base.',
  IMAGE_NOT_FOUND: 'Push the image again: the registry has no such digest.',
  IMAGE_DENIED:
    "Give the node the right to pull: the kubelet's credential provider or a pull secret.",
  IMAGE_PULL_FAILED: 'See whether the registry answers the node.',
  CONFIG_MISSING: 'Create the Secret or ConfigMap key that the message names.',
  CANNOT_START: 'Check the image: its entry point, its platform or its user does not fit the node.',
  OUT_OF_MEMORY: "Raise the container's memory limit in k8s/base, or mend what fills it.",
  CRASHED: 'Mend what the log shows and deploy again.',
  OLD_PODS_REMAIN:
    'An old pod ignores SIGTERM, or its node is gone: see `kubectl describe pod` of the one named.',
  NOT_READY: 'The process runs but its readiness probe fails: see the log and `/health`.',
  TIMED_OUT: 'See `kubectl describe` of the Deployment and its newest pod.',
};
