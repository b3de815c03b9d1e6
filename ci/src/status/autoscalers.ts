import type { Condition } from '../rollout/kubernetes.ts';
import type { Target } from '../target/target.ts';
import { json, list } from './list.ts';

export interface Autoscaler {
  readonly name: string;
  /** Name of the Deployment that it scales. */
  readonly service: string;
  readonly replicas: number;
  readonly wanted: number;
  readonly min: number;
  readonly max: number;
  /** Such as `cpu 12 % of 70 %`. */
  readonly metrics: readonly string[];
  /** Why it cannot scale, if it cannot. */
  readonly trouble?: string;
}

interface Value {
  readonly averageUtilization?: number;
  readonly averageValue?: string;
}

interface Metric {
  readonly resource?: { readonly name: string; readonly target?: Value; readonly current?: Value };
}

const fields = [
  '.metadata.name',
  '.spec.scaleTargetRef.name',
  '.spec.minReplicas',
  '.spec.maxReplicas',
  '.spec.metrics',
  '.status.currentReplicas',
  '.status.desiredReplicas',
  '.status.currentMetrics',
  '.status.conditions',
];

/** https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/horizontal-pod-autoscaler-v2/ */
export async function readAutoscalers(target: Target): Promise<readonly Autoscaler[]> {
  return (await list(target, 'horizontalpodautoscalers', fields)).map(toAutoscaler);
}

function toAutoscaler(cells: readonly string[]): Autoscaler {
  const [name = '', service = '', min, max, targets, replicas, wanted, currents, conditions] =
    cells;
  const trouble = (json<readonly Condition[]>(conditions) ?? []).find(
    (it) => it.status === 'False' && (it.type === 'ScalingActive' || it.type === 'AbleToScale'),
  );
  return {
    ...{ name, service, min: Number(min || 1), max: Number(max) },
    ...{ replicas: Number(replicas || 0), wanted: Number(wanted || 0) },
    metrics: metricsOf(json(targets) ?? [], json(currents) ?? []),
    ...(trouble ? { trouble: [trouble.reason, trouble.message].filter(Boolean).join(': ') } : {}),
  };
}

const metricsOf = (targets: readonly Metric[], currents: readonly Metric[]): string[] =>
  targets.flatMap(({ resource }) => {
    if (!resource?.target) return [];
    const found = currents.find((it) => it.resource?.name === resource.name)?.resource?.current;
    return [`${resource.name} ${shown(found, resource.target)} of ${shown(resource.target)}`];
  });

/** A value in the unit that the other one, which it is compared with, has. */
function shown(value: Value | undefined, like: Value | undefined = value): string {
  if (like?.averageUtilization !== undefined) {
    return value?.averageUtilization === undefined ? 'unknown' : `${value.averageUtilization} %`;
  }
  const text = value?.averageValue;
  if (text === undefined) return 'unknown';
  return /^\d+$/.test(text) ? `${Math.round(Number(text) / 2 ** 20)}Mi` : text;
}
