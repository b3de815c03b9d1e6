import type { Container, KubernetesObject, PodTemplate } from './objects.ts';

/** Where each kind of workload keeps the template of its pods. */
const templatePaths: Readonly<Record<string, readonly string[]>> = {
  Deployment: ['spec', 'template'],
  StatefulSet: ['spec', 'template'],
  DaemonSet: ['spec', 'template'],
  Job: ['spec', 'template'],
  CronJob: ['spec', 'jobTemplate', 'spec', 'template'],
};

/** The template of the pods that an object makes; undefined for an object that makes none. */
export function podTemplateOf(object: KubernetesObject): PodTemplate | undefined {
  const path = templatePaths[object.kind];
  if (!path) return undefined;
  let at: unknown = object;
  for (const field of path) at = (at as Record<string, unknown> | undefined)?.[field];
  return at as PodTemplate | undefined;
}

/** The same object with another pod template. */
export function withPodTemplate(object: KubernetesObject, template: PodTemplate): KubernetesObject {
  const path = templatePaths[object.kind];
  if (!path) throw new TypeError(`withPodTemplate: a ${object.kind} makes no pods`);
  return replaceAt(object, path, template) as KubernetesObject;
}

/** Containers and init containers of a template. */
export const containersOf = (template: PodTemplate): readonly Container[] => [
  ...(template.spec.initContainers ?? []),
  ...template.spec.containers,
];

function replaceAt(value: unknown, path: readonly string[], replacement: unknown): unknown {
  const [field, ...rest] = path;
  if (field === undefined) return replacement;
  const fields = value as Record<string, unknown>;
  return { ...fields, [field]: replaceAt(fields[field], rest, replacement) };
}
