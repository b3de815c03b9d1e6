import { type KubernetesObject, objectKey } from '../manifests/objects.ts';
import { podTemplateOf } from '../manifests/pod-template.ts';

interface Port {
  readonly targetPort?: number | string;
}

/**
 * The objects as they stand while old and new pods serve side by side. A Service finds its pods' port by
 * number, since the old ones may have no name for it. Network rules wait, since they name ports too,
 * and an old pod may need what a new one must not have.
 */
export const inTransition = (
  objects: readonly KubernetesObject[],
  live: ReadonlyMap<string, KubernetesObject>,
): readonly KubernetesObject[] =>
  objects
    .filter((it) => it.kind !== 'NetworkPolicy' || live.has(objectKey(it)))
    .map((it) => (it.kind === 'Service' ? withNumbers(it, objects) : it));

function withNumbers(
  service: KubernetesObject,
  objects: readonly KubernetesObject[],
): KubernetesObject {
  const spec = service.spec as { selector?: Record<string, string>; ports?: readonly Port[] };
  const selector = Object.entries(spec.selector ?? {});
  const selected = objects.flatMap((it) => {
    const template = podTemplateOf(it);
    const labels = template?.metadata?.labels ?? {};
    return template && selector.every(([key, value]) => labels[key] === value) ? [template] : [];
  });
  const numbers = new Map(
    selected
      .flatMap(({ spec: { containers } }) => containers)
      .flatMap(({ ports }) => (ports ?? []) as { name?: string; containerPort: number }[])
      .map((it) => [it.name, it.containerPort]),
  );
  const ports = (spec.ports ?? []).map((port) => {
    const number = typeof port.targetPort === 'string' ? numbers.get(port.targetPort) : undefined;
    return number === undefined ? port : { ...port, targetPort: number };
  });
  return { ...service, spec: { ...spec, ports } };
}
