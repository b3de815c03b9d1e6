import type { Container, KubernetesObject } from '../../ci/src/manifests/objects.ts';
import { podTemplateOf, withPodTemplate } from '../../ci/src/manifests/pod-template.ts';

/** Changes the container of one service in rendered manifests. */
export const changeContainer =
  (service: string, change: (container: Container) => Container) =>
  (objects: readonly KubernetesObject[]): readonly KubernetesObject[] =>
    objects.map((object) => {
      if (object.kind !== 'Deployment' || object.metadata.name !== service) return object;
      const template = podTemplateOf(object);
      if (!template) return object;
      const containers = template.spec.containers.map(change);
      return withPodTemplate(object, { ...template, spec: { ...template.spec, containers } });
    });

/** Runs JavaScript in a service's process before the service itself. */
export const runFirst = (service: string, script: string) =>
  changeContainer(service, (container) => {
    const value = `--import=data:text/javascript,${encodeURIComponent(script)}`;
    return { ...container, env: [...(container.env ?? []), { name: 'NODE_OPTIONS', value }] };
  });
