import type { KubernetesObject, PodTemplate } from './objects.ts';
import { containersOf, podTemplateOf } from './pod-template.ts';

export interface ObjectsOf {
  /** Those that bear a service's name in their label. */
  readonly own: readonly KubernetesObject[];
  /** Those, and the ConfigMaps that their pods read. */
  readonly all: readonly KubernetesObject[];
}

/** The objects that belong to some services. */
export function objectsOf(
  services: ReadonlySet<string>,
  objects: readonly KubernetesObject[],
): ObjectsOf {
  const belongs = ({ metadata }: KubernetesObject) =>
    services.has(metadata.labels?.['app.kubernetes.io/name'] ?? '');
  const own = objects.filter(belongs);
  const read = new Set(own.map(podTemplateOf).flatMap((it) => (it ? configMapsOf(it) : [])));
  const all = objects.filter(
    (object) => belongs(object) || (object.kind === 'ConfigMap' && read.has(object.metadata.name)),
  );
  return { own, all };
}

/** Names of the ConfigMaps that the pods of a template read. */
function configMapsOf(template: PodTemplate): readonly string[] {
  const containers = containersOf(template);
  return [
    ...containers.flatMap((it) => it.envFrom ?? []).map((it) => it.configMapRef?.name),
    ...containers.flatMap((it) => it.env ?? []).map((it) => it.valueFrom?.configMapKeyRef?.name),
    ...(template.spec.volumes ?? []).map((it) => it.configMap?.name),
  ].filter((name) => name !== undefined);
}
