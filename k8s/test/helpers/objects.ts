import type { Container, KubernetesObject, PodSpec } from '../../../ci/src/manifests/objects.ts';

/** The fields that the tests read beyond those that the pipeline reads. */
export interface Deployment extends KubernetesObject {
  readonly spec: {
    readonly replicas?: number;
    readonly progressDeadlineSeconds?: number;
    readonly revisionHistoryLimit?: number;
    readonly selector: { readonly matchLabels: Labels };
    readonly strategy?: {
      readonly type: string;
      readonly rollingUpdate?: { readonly maxSurge?: unknown; readonly maxUnavailable?: unknown };
    };
    readonly template: {
      readonly metadata: { readonly labels: Labels; readonly annotations?: Labels };
      readonly spec: DeploymentPod;
    };
  };
}

type Labels = Readonly<Record<string, string>>;

interface DeploymentPod extends PodSpec {
  readonly containers: readonly ServiceContainer[];
  readonly serviceAccountName?: string;
  readonly automountServiceAccountToken?: boolean;
  readonly enableServiceLinks?: boolean;
  readonly terminationGracePeriodSeconds?: number;
  readonly securityContext?: {
    readonly runAsNonRoot?: boolean;
    readonly runAsUser?: number;
    readonly runAsGroup?: number;
    readonly seccompProfile?: { readonly type: string };
  };
  readonly topologySpreadConstraints?: readonly unknown[];
}

export interface ServiceContainer extends Container {
  readonly imagePullPolicy?: string;
  readonly ports?: readonly { readonly name?: string; readonly containerPort: number }[];
  readonly resources?: { readonly requests?: Labels; readonly limits?: Labels };
  readonly startupProbe?: ProbeSpec;
  readonly livenessProbe?: ProbeSpec;
  readonly readinessProbe?: ProbeSpec;
  readonly lifecycle?: { readonly preStop?: { readonly sleep?: { readonly seconds: number } } };
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string }[];
  readonly securityContext?: {
    readonly allowPrivilegeEscalation?: boolean;
    readonly readOnlyRootFilesystem?: boolean;
    readonly capabilities?: { readonly drop?: readonly string[] };
  };
}

export interface ProbeSpec {
  readonly httpGet?: { readonly path: string; readonly port: unknown };
  readonly initialDelaySeconds?: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  readonly failureThreshold: number;
}

interface Service extends KubernetesObject {
  readonly spec: {
    readonly type?: string;
    readonly selector: Labels;
    readonly ports: readonly {
      readonly name?: string;
      readonly port: number;
      readonly targetPort: unknown;
    }[];
  };
}

interface Ingress extends KubernetesObject {
  readonly spec: {
    readonly ingressClassName?: string;
    readonly rules: readonly {
      readonly host: string;
      readonly http: {
        readonly paths: readonly {
          readonly path: string;
          readonly backend: {
            readonly service: {
              readonly name: string;
              readonly port: { readonly number?: number };
            };
          };
        }[];
      };
    }[];
  };
}

interface Autoscaler extends KubernetesObject {
  readonly spec: {
    readonly minReplicas: number;
    readonly maxReplicas: number;
    readonly scaleTargetRef: { readonly kind: string; readonly name: string };
    readonly metrics: readonly {
      readonly resource: { readonly name: string; readonly target: object };
    }[];
    readonly behavior: Readonly<
      Record<'scaleUp' | 'scaleDown', { readonly stabilizationWindowSeconds: number }>
    >;
  };
}

interface DisruptionBudget extends KubernetesObject {
  readonly spec: {
    readonly minAvailable?: unknown;
    readonly maxUnavailable?: unknown;
    readonly selector: { readonly matchLabels: Labels };
  };
}

interface ConfigMap extends KubernetesObject {
  readonly data: Labels;
}

interface Kinds {
  Deployment: Deployment;
  Service: Service;
  Ingress: Ingress;
  HorizontalPodAutoscaler: Autoscaler;
  PodDisruptionBudget: DisruptionBudget;
  ConfigMap: ConfigMap;
}

/** The objects of one kind. */
export const ofKind = <Kind extends keyof Kinds>(
  objects: readonly KubernetesObject[],
  kind: Kind,
): readonly Kinds[Kind][] =>
  objects.filter((object): object is Kinds[Kind] => object.kind === kind);

/** The Deployment's only container. */
export function containerOf(deployment: Deployment): ServiceContainer {
  const [container, ...others] = deployment.spec.template.spec.containers;
  if (!container || others.length > 0) {
    throw new TypeError(`Deployment ${deployment.metadata.name}: expected one container`);
  }
  return container;
}
