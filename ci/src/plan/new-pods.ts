import type { KubernetesObject } from '../manifests/objects.ts';
import { podTemplateOf } from '../manifests/pod-template.ts';
import { services } from '../services.ts';
import type { NewPods } from './capacity.ts';
import type { ServicePlan } from './plan.ts';
import { type PodShape, requestsOf } from './resources.ts';
import { atLeast } from './room.ts';

interface Spec {
  readonly replicas?: number;
  readonly strategy?: {
    readonly type?: string;
    readonly rollingUpdate?: { readonly maxSurge?: number | string };
  };
}

/**
 * The pods that a deploy makes for a service; `wanted` is its Deployment as it would be, `used` the
 * memory in bytes that a present pod of it uses.
 */
export function newPodsOf(
  { service, rollout }: Pick<ServicePlan, 'service' | 'rollout'>,
  wanted: KubernetesObject,
  live: KubernetesObject | undefined,
  used = 0,
): NewPods {
  const spec = specOf(wanted);
  const replicas = spec.replicas ?? 1;
  const more = Math.max(0, replicas - (live ? (specOf(live).replicas ?? 1) : 0));
  const surge = rollout === 'rolls' ? Math.min(surgeOf(spec, replicas), replicas) : 0;
  const asked = requestsOf((podTemplateOf(wanted)?.spec ?? {}) as PodShape);
  const critical = services.some((it) => it.name === service && it.critical);
  return { service, critical, requests: atLeast(asked, used), lasting: more, surge };
}

/** https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-surge */
function surgeOf({ strategy }: Spec, replicas: number): number {
  if (strategy?.type === 'Recreate') return 0;
  const surge = strategy?.rollingUpdate?.maxSurge ?? '25%';
  return typeof surge === 'number'
    ? surge
    : Math.ceil((Number.parseInt(surge, 10) / 100) * replicas);
}

const specOf = (object: KubernetesObject): Spec => (object.spec ?? {}) as Spec;
