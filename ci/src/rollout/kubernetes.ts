/**
 * The fields of Kubernetes objects that the pipeline looks at, by their API names.
 * https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.34/
 */
export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface DeploymentStatus {
  readonly observedGeneration?: number;
  readonly replicas?: number;
  readonly updatedReplicas?: number;
  readonly availableReplicas?: number;
  readonly conditions?: readonly Condition[];
}

export interface Deployment {
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
  /** Annotation `deployment.kubernetes.io/revision`, equal on the Deployment and its newest ReplicaSet. */
  readonly revision: string;
  /** Id of the release that applied it last; empty if none did. */
  readonly release: string;
  /** Image tag `src-…` that the release recorded; empty if none did. */
  readonly source: string;
  readonly commit: string;
  readonly replicas: number;
  /** Who has set them, by Kubernetes' own books; absent if nobody has. */
  readonly replicasOwners?: readonly string[];
  readonly paused: boolean;
  /** Whether somebody has deleted it and a finalizer holds it. */
  readonly deleting?: boolean;
  readonly status: DeploymentStatus;
}

export interface ReplicaSet {
  readonly name: string;
  readonly uid: string;
  readonly ownerUid: string;
  readonly revision: string;
  readonly replicas: number;
}

export interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: {
    readonly exitCode: number;
    readonly signal?: number;
    readonly reason?: string;
    readonly message?: string;
    readonly finishedAt?: string;
  };
}

export interface ContainerStatus {
  readonly name: string;
  readonly image?: string;
  /** `repository@sha256:…`; empty until the image is there. */
  readonly imageID?: string;
  readonly ready?: boolean;
  /** Whether its startup probe has passed. */
  readonly started?: boolean;
  readonly restartCount: number;
  readonly state?: ContainerState;
  readonly lastState?: ContainerState;
}

export interface PodStatus {
  readonly phase?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly podIP?: string;
  readonly startTime?: string;
  readonly conditions?: readonly Condition[];
  readonly initContainerStatuses?: readonly ContainerStatus[];
  readonly containerStatuses?: readonly ContainerStatus[];
}

export interface Pod {
  readonly name: string;
  readonly uid: string;
  readonly ownerUid: string;
  readonly deleting: boolean;
  readonly status: PodStatus;
}

/** A warning that Kubernetes recorded about an object. */
export interface Warning {
  readonly object: string;
  readonly reason: string;
  readonly message: string;
  readonly count: number;
  readonly lastSeen: string;
}

/** What a cluster says of the platform at one moment. */
export interface Snapshot {
  readonly deployments: readonly Deployment[];
  readonly replicaSets: readonly ReplicaSet[];
  readonly pods: readonly Pod[];
  readonly warnings: readonly Warning[];
}
