/** What a code means: how it is proven, the sentence for people, and what to do next. */
export interface CodeMeaning {
  readonly says: string;
  readonly proof: string;
  readonly cure?: string;
}

const meanings = {
  READY: {
    says: 'It serves: all new pods are ready and no old one is left.',
    proof: 'observedGeneration, the counts of the Deployment, its pods',
  },
  NOT_DEPLOYED: {
    says: 'There is no Deployment of that name.',
    proof: 'the list of Deployments',
    cure: 'Deploy it: there is no Deployment of that name in the namespace.',
  },
  NOT_OBSERVED: {
    says: "Kubernetes' controller has not seen the change yet.",
    proof: 'observedGeneration below generation',
    cure: "See whether the cluster's controller manager runs: it has not looked at the Deployment.",
  },
  HELD_BACK: {
    says: 'Its rollout was not begun, since a critical service of an earlier wave failed.',
    proof: 'the waves of the release',
    cure: 'Mend the critical service that failed: this one is as it was.',
  },
  ROLLING: {
    says: 'New pods come up.',
    proof: 'the counts of the Deployment',
  },
  OLD_PODS_REMAIN: {
    says: 'The new pods are ready, and old ones have not ended.',
    proof: 'pods of earlier ReplicaSets, or that are being deleted',
    cure: 'An old pod ignores SIGTERM, or its node is gone: see `kubectl describe pod` of the one named.',
  },
  PAUSED: {
    says: 'Somebody paused the Deployment.',
    proof: 'spec.paused',
    cure: 'Run `kubectl rollout resume` on the Deployment, then deploy again.',
  },
  TERMINATING: {
    says: 'The Deployment is being deleted.',
    proof: 'metadata.deletionTimestamp',
    cure: 'Wait until it is gone, or remove the finalizer that holds it; then deploy again.',
  },
  QUOTA_EXCEEDED: {
    says: "The namespace's quota has no room for a new pod.",
    proof: 'condition ReplicaFailure: exceeded quota',
    cure: 'Raise the ResourceQuota that the message names, or lower what the pods request.',
  },
  POD_REFUSED: {
    says: 'The API server takes no new pod.',
    proof: 'condition ReplicaFailure: an admission webhook, a policy, a limit range',
    cure: 'Mend what the message names: the webhook, the policy, or the pod that breaks it.',
  },
  NO_ROOM: {
    says: 'No node has room for the pod.',
    proof: 'condition PodScheduled: Insufficient …',
    cure: 'Free what the message names on the node, or lower the requests in k8s/base.',
  },
  NO_NODE_FITS: {
    says: 'No node may take the pod.',
    proof: 'condition PodScheduled: taints, selectors, affinity',
    cure: "Compare the node's labels and taints with what the pod asks for.",
  },
  NODE_PRESSURE: {
    says: 'The node is short of something itself, or not ready; pods are kept off or thrown out.',
    proof: "the node's own taints and conditions, or pods that are Evicted",
    cure: 'See `kubectl describe node`: free memory or disk there.',
  },
  NODE_FULL: {
    says: "The node's disk is full, or has no room for what is to be pulled.",
    proof: "no space left on device; the kubelet's figures against the sizes in the registry",
    cure: 'Free disk on the node: unused images (`crictl rmi --prune`), logs, old journals.',
  },
  NODE_TROUBLE: {
    says: 'The node cannot set the pod up right now, and tries again.',
    proof: 'FailedCreatePodSandBox, context deadline exceeded, a name that is reserved, exit 128',
    cure: 'See `kubectl describe node` and the log of the kubelet or k3s there.',
  },
  VOLUME_UNBOUND: {
    says: 'A volume of the pod is not bound.',
    proof: 'condition PodScheduled: PersistentVolumeClaims',
    cure: 'See `kubectl describe pvc`: its class, its size, or the node it lies on.',
  },
  VOLUME_NOT_MOUNTED: {
    says: 'A volume of the pod cannot be mounted.',
    proof: 'FailedMount, FailedAttachVolume while the pod has no network',
    cure: 'See the warning: the volume, its driver, or the node it is attached to.',
  },
  IMAGE_NOT_FOUND: {
    says: 'The registry has no such image.',
    proof: '404, NotFound, manifest unknown, name unknown; InvalidImageName, ErrImageNeverPull',
    cure: 'Push the image again: the registry has no such digest.',
  },
  IMAGE_DENIED: {
    says: 'The registry refuses the node.',
    proof: '401, 403, unauthorized, denied, no basic auth',
    cure: "Give the node the right to pull: k8s/node/set-up-ecr-pulls.sh --check, run there, says what the kubelet's credential provider lacks; or renew the pull secret.",
  },
  IMAGE_PULL_FAILED: {
    says: 'The image cannot be pulled right now.',
    proof: '429, 5xx, a connection that failed; also what nobody knows',
    cure: 'See whether the registry answers the node.',
  },
  IMAGE_WRONG_PLATFORM: {
    says: "The image is not made for the node's processor.",
    proof: 'no match for platform, exec format error',
    cure: 'Push it for the platform of the node: `--platforms` names what is built.',
  },
  IMAGE_REJECTED: {
    says: 'The node refuses to use the image.',
    proof: 'SignatureValidationFailed, a policy, an unsupported media type',
    cure: "Sign the image as the node's policy asks, or mend the policy.",
  },
  REGISTRY_UNTRUSTED: {
    says: "The node does not trust the registry's certificate, or the registry has none.",
    proof: 'x509, HTTP response to HTTPS client',
    cure: "Give the node the registry's authority, or name it as plain HTTP in registries.yaml.",
  },
  CONFIG_MISSING: {
    says: 'A Secret, a ConfigMap or a key of one is missing.',
    proof: 'CreateContainerConfigError or FailedMount that names it',
    cure: 'Create the Secret or ConfigMap key that the message names.',
  },
  CANNOT_START: {
    says: 'The container cannot be started at all.',
    proof: 'RunContainerError, CreateContainerError, StartError',
    cure: 'Check the image: its entry point, its platform or its user does not fit the node.',
  },
  INIT_FAILED: {
    says: 'An init container or a sidecar fails.',
    proof: 'its exit codes: twice the same, or three',
    cure: 'Mend what the log of that container shows and deploy again.',
  },
  OUT_OF_MEMORY: {
    says: 'The container needs more memory than it may have.',
    proof: 'OOMKilled, twice',
    cure: "Raise the container's memory limit in k8s/base, or mend what fills it.",
  },
  PROBE_FAILED: {
    says: 'The kubelet restarts the container, since a probe fails.',
    proof: 'exit 0, 137 or 143 after warnings of the startup or liveness probe',
    cure: 'See the warning: the probe asks the wrong place, or the service is too slow for it.',
  },
  CRASHED: {
    says: 'The process ends by itself.',
    proof: 'its exit codes: twice the same, or three',
    cure: 'Mend what the log shows and deploy again.',
  },
  NOT_READY: {
    says: 'The process runs and is not ready.',
    proof: 'condition Ready, after the startup probe has passed',
    cure: 'The process runs but its readiness probe fails: see the log and `/health`.',
  },
  TIMED_OUT: {
    says: 'It took too long, and nothing says why.',
    proof: 'the deadline of the rollout, or progressDeadlineSeconds',
    cure: 'See `kubectl describe` of the Deployment and its newest pod.',
  },
} as const satisfies Record<string, CodeMeaning>;

/** Why a service's rollout cannot succeed, or what it still waits for. */
export type VerdictCode = keyof typeof meanings;

export const codeMeanings: Readonly<Record<VerdictCode, CodeMeaning>> = meanings;

/** What to do about a failure. */
export const cures: Readonly<Partial<Record<VerdictCode, string>>> = Object.fromEntries(
  Object.entries(codeMeanings).map(([code, { cure }]) => [code, cure]),
);
