import type { PodTemplate } from '../manifests/objects.ts';
import { containersOf } from '../manifests/pod-template.ts';

/** Names of the ConfigMaps that a pod of this template reads. */
export function configMapsOf(template: PodTemplate): readonly string[] {
  const named = containersOf(template).flatMap(({ env = [], envFrom = [] }) => [
    ...envFrom.map((it) => it.configMapRef?.name),
    ...env.map((it) => it.valueFrom?.configMapKeyRef?.name),
  ]);
  const mounted = (template.spec.volumes ?? []).map((it) => it.configMap?.name);
  return [...named, ...mounted].filter((it) => it !== undefined);
}
