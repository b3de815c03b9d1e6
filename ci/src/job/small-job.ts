import type { KubernetesObject } from '../manifests/objects.ts';

export interface SmallJob {
  readonly name: string;
  /** What it does, in one word; its pods bear it as their name. */
  readonly does: string;
  /** Seconds that it may take. */
  readonly seconds: number;
  readonly containers: readonly SmallContainer[];
  /** Besides what all have in common. */
  readonly pod?: object;
}

interface SmallContainer {
  readonly name: string;
  readonly image: string;
  readonly [field: string]: unknown;
}

/** A Job of the pipeline's own: one pod, which has no rights, no token and one end. */
export function smallJob({ name, does, seconds, containers, pod }: SmallJob): KubernetesObject {
  const labels = {
    'app.kubernetes.io/name': does,
    'app.kubernetes.io/part-of': 'whatsthecraic',
  };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name, labels },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: seconds,
      // For whoever dies before it is deleted.
      ttlSecondsAfterFinished: 60,
      template: {
        metadata: { labels },
        spec: { ...smallPod(containers), ...pod },
      },
    },
  };
}

/** A pod without rights, token and files to write, that runs once and ends at once when told. */
export const smallPod = (containers: readonly SmallContainer[]): object => ({
  restartPolicy: 'Never',
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  terminationGracePeriodSeconds: 1,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: 65532,
    runAsGroup: 65532,
    seccompProfile: { type: 'RuntimeDefault' },
  },
  containers: containers.map((it) => ({ securityContext: unprivileged, ...it })),
});

const unprivileged = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  capabilities: { drop: ['ALL'] },
} as const;
